package io.github.tralign.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What belongs to one run, whatever it trains. */
final class RunOptions {

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "The run's folder, new or empty. Needed.")
  private @Nullable Path output;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      description = "fp32 or auto, which is fp32. Default: ${DEFAULT-VALUE}.")
  private Precision precision = Precision.AUTO;

  @Option(
      names = "--tensorboard",
      description = "Writes the metrics for TensorBoard too, into the folder's tensorboard/.")
  private boolean tensorBoard;

  boolean isGiven() {
    return output != null;
  }

  /** Refuses what cannot be; afterwards the options hold what is in effect. */
  void check() {
    if (precision == Precision.BF16) {
      throw new Refusal("--precision", "bf16 is not built yet; expected fp32 or auto");
    }
    precision = Precision.FP32; // what auto comes to
  }

  RunFolder folder() {
    return RunFolder.at(Refusal.given(output));
  }

  boolean tensorBoard() {
    return tensorBoard;
  }
}
