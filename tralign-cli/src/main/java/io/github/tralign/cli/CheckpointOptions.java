package io.github.tralign.cli;

import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.train.TrainerBuilder;
import picocli.CommandLine.Option;

/** How a run survives its end. */
final class CheckpointOptions {

  static final String RESUME = "--resume";
  private static final String KEEP_BEST = "--keep-best";

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
      names = KEEP_BEST,
      description = {
        "Writes a checkpoint after each evaluation that is better by --best-metric than all before,"
            + " keeps the latest of these too, and saves its weights as best/ beside model/, which"
            + " is of the last step."
      })
  private boolean keepBest;

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

  boolean keepsBest() {
    return keepBest;
  }

  /** Refuses what does not fit together; the rest goes into {@code trainer}. */
  void applyTo(TrainerBuilder trainer, RunFolder folder, EvaluationOptions evaluation) {
    if (keepBest && !evaluation.isRepeated()) {
      throw new Refusal(KEEP_BEST, "needs --eval-data and --eval-every, to have what to compare");
    }
    if (anyway && !resume) {
      throw new Refusal("--resume-anyway", "means nothing without " + RESUME);
    }
    trainer
        .checkpoints(CheckpointStore.in(folder.checkpoints()))
        .resumeAnyway(anyway)
        .keepBest(keepBest)
        .checkpointEvery(every)
        .keepLast(keepLast);
  }
}
