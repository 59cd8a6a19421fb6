package io.github.tralign.cli;

import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.train.TrainerBuilder;
import picocli.CommandLine.Option;

/** Checkpoints, and resuming from them. */
final class CheckpointOptions {

  static final String RESUME = "--resume";
  private static final String KEEP_BEST = "--keep-best";

  @Option(
      names = "--checkpoint-every",
      paramLabel = "N",
      description = {
        "Steps between checkpoints; 0 writes one on Ctrl-C only." + " Default: ${DEFAULT-VALUE}."
      })
  private long every = 500;

  @Option(
      names = "--keep-last",
      paramLabel = "N",
      description = {
        "Number of newest checkpoints to keep. The disk needs room for one more."
            + " Default: ${DEFAULT-VALUE}."
      })
  private int keepLast = 1;

  @Option(
      names = KEEP_BEST,
      description = {
        "Writes a checkpoint after each evaluation that is the best so far by --best-metric, and"
            + " keeps the last of these. At the end its weights are saved as best/, beside model/"
            + " with the weights of the last step."
      })
  private boolean keepBest;

  @Option(
      names = RESUME,
      description = {
        "Resumes the run in --output from its newest intact checkpoint, or from step 0 if it has"
            + " not written one yet. Options that are not given keep the values of the run."
      })
  private boolean resume;

  @Option(
      names = "--resume-anyway",
      description = "With --resume: also resumes with changed settings, as far as possible.")
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
      throw new Refusal(
          KEEP_BEST, "needs --eval-data and --eval-every, for evaluations to compare");
    }
    if (anyway && !resume) {
      throw new Refusal("--resume-anyway", "has no effect without " + RESUME);
    }
    trainer
        .checkpoints(CheckpointStore.in(folder.checkpoints()))
        .keepBest(keepBest)
        .checkpointEvery(every)
        .keepLast(keepLast);
  }
}
