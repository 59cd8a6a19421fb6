package io.github.tralign.cli;

import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.SaveDtype;
import io.github.tralign.mlflow.MlflowSettings;
import io.github.tralign.train.OnNan;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of a training run. */
final class RunOptions {

  static final String SAVE_DTYPE = "--save-dtype";
  private static final String MLFLOW = "--mlflow";
  private static final String ENVIRONMENT = "environment";

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "The run's folder, new or empty unless the run is resumed. Required.")
  private @Nullable Path output;

  @Option(
      names = "--tensorboard",
      description =
          "Also writes the metrics for TensorBoard, into tensorboard/ of the run's folder.")
  private boolean tensorBoard;

  @Option(
      names = MLFLOW,
      arity = "0..1",
      paramLabel = "URI",
      fallbackValue = ENVIRONMENT,
      description = {
        "Also logs the run to the MLflow server at this address, such as http://localhost:5000, or"
            + " without one at that of MLFLOW_TRACKING_URI. MLFLOW_EXPERIMENT_NAME (default: tralign)"
            + " and the credentials in MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and"
            + " MLFLOW_TRACKING_PASSWORD, are read from the environment."
      })
  private @Nullable String mlflow;

  @Option(
      names = SAVE_DTYPE,
      paramLabel = "NAME",
      description = {
        "Type of the saved model's weights: fp32, bf16, fp16, or source: of each tensor the type that"
            + " was read. 16 bits lose most of the small steps of an alignment; the end of the run"
            + " shows how many. Checkpoints are always fp32. Default: ${DEFAULT-VALUE}."
      })
  private SaveDtype saveDtype = SaveDtype.SOURCE;

  @Option(
      names = "--on-nan",
      paramLabel = "stop|skip",
      description = {
        "What to do when the loss or gradient of a step is not finite: end the run, or skip and"
            + " count the step. After ten such steps in a row the run ends in any case."
            + " Default: ${DEFAULT-VALUE}."
      })
  private OnNan onNan = OnNan.STOP;

  SaveDtype saveDtype() {
    return saveDtype;
  }

  OnNan onNan() {
    return onNan;
  }

  boolean isGiven() {
    return output != null;
  }

  /** The run's folder, which another process makes if this one is not the first. */
  RunFolder folder(boolean resumed, boolean first) {
    Path path = Refusal.given(output);
    if (!first && !resumed) {
      return RunFolder.holding(path);
    }
    return resumed ? RunFolder.toResume(path) : RunFolder.at(path);
  }

  /** Where the run is logged too, if it is. */
  Optional<MlflowSettings> mlflow() {
    try {
      return Optional.ofNullable(mlflow)
          .map(
              it ->
                  it.equals(ENVIRONMENT) ? MlflowSettings.ofEnvironment() : MlflowSettings.of(it));
    } catch (InvalidInputException e) {
      throw new Refusal(MLFLOW, String.valueOf(e.getMessage()), e);
    }
  }

  boolean tensorBoard() {
    return tensorBoard;
  }
}
