package io.github.tralign.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The processes of a command that trains, which also divide what the optimizer keeps. */
final class TrainingProcessOptions extends ProcessOptions {

  private static final String SHARD_MOMENTS = "--shard-moments";

  @Option(
      names = SHARD_MOMENTS,
      paramLabel = "BOOL",
      arity = "1",
      description = {
        "With several processes: true divides AdamW's moments among them, which takes less memory;"
            + " false keeps all moments in each, which sends a third less. The results are the same."
            + " Default: true."
      })
  private @Nullable Boolean shardMoments;

  /** Refuses what does not fit together, before anything is loaded. */
  void check(TrainedModelOptions model) {
    super.check(model);
    if (shardMoments != null && !isGiven()) {
      throw new Refusal(SHARD_MOMENTS, "has no effect without " + PROCESSES + " or " + RANK);
    }
    model.shardMoments(!Boolean.FALSE.equals(shardMoments));
  }
}
