package io.github.tralign.cli;

import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.train.TrainerBuilder;
import picocli.CommandLine.Option;

/** How a run survives its end. */
final class CheckpointOptions {

  static final String RESUME = "--resume";

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      description = {
        "Steps from one checkpoint to the next; 0 for none but that of Ctrl-C."
            + " Default: ${DEFAULT-VALUE}."
      })
  private long every = 500;

  @Option(
      names = "--keep-last",
      paramLabel = "N",
      description = {
        "Checkpoints to keep, the newest; the disk must have room for one more."
            + " Default: ${DEFAULT-VALUE}."
      })
  private int keepLast = 1;

  @Option(
      names = RESUME,
      description = {
        "Goes on with the run in --output from its newest checkpoint that is whole; from the start"
            + " where it has none yet. Options that are not given are those of the run."
      })
  private boolean resume;

  @Option(
      names = "--resume-anyway",
      description = "With --resume: also where settings have changed, as far as that can be.")
  private boolean anyway;

  boolean resumes() {
    return resume;
  }

  boolean anyway() {
    return anyway;
  }

  void applyTo(TrainerBuilder trainer, RunFolder folder) {
    if (anyway && !resume) {
      throw new Refusal("--resume-anyway", "means nothing without " + RESUME);
    }
    trainer.checkpoints(CheckpointStore.in(folder.checkpoints())).resumeAnyway(anyway);
    Refusal.naming("--checkpoint-every", () -> trainer.checkpointEvery(every));
    Refusal.naming("--keep-last", () -> trainer.keepLast(keepLast));
  }
}
