package io.github.tralign.cli;

import io.github.tralign.train.OnNan;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What belongs to one run, whatever it trains. */
final class RunOptions {

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "The run's folder, new or empty unless the run is resumed. Required.")
  private @Nullable Path output;

  @Option(
      names = "--tensorboard",
      description = "Writes the metrics for TensorBoard too, into the folder's tensorboard/.")
  private boolean tensorBoard;

  @Option(
      names = "--on-nan",
      paramLabel = "stop|skip",
      description = {
        "What to do at a step whose loss or gradient is not finite: end the run, or leave the step"
            + " out, count it and go on; at the tenth in a row the run ends all the same."
            + " Default: ${DEFAULT-VALUE}."
      })
  private OnNan onNan = OnNan.STOP;

  OnNan onNan() {
    return onNan;
  }

  boolean isGiven() {
    return output != null;
  }

  RunFolder folder(boolean resumed) {
    Path path = Refusal.given(output);
    return resumed ? RunFolder.toResume(path) : RunFolder.at(path);
  }

  boolean tensorBoard() {
    return tensorBoard;
  }
}
