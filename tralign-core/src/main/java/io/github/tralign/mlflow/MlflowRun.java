package io.github.tralign.mlflow;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.train.TrainingListener;
import io.github.tralign.train.TrainingPlan;
import io.github.tralign.train.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Logs a run to an MLflow tracking server: params, tags, the metrics of each step, and how the run
 * ended.
 *
 * <pre>{@code
 * MlflowSettings settings = MlflowSettings.of("http://localhost:5000").name("soft");
 * try (MlflowRun mlflow = MlflowRun.of(settings)) {
 *   Trainer.builder()/* policy, data, loss *{@literal /}.listener(mlflow).build().train();
 * }
 * }</pre>
 *
 * <p>Requests are sent in the background and never delay a step. Whatever is wrong with the server
 * is reported once and does not end the run. A server that cannot be reached is asked again until
 * {@link #close}, which waits for it at most ten seconds; one that rejects a request is not.
 *
 * <p>A checkpoint holds the id of the run, so that a resumed run continues the same one. The status
 * is {@code FINISHED}, {@code KILLED} if the run was stopped, or {@code FAILED} if it was closed
 * without an end.
 */
public final class MlflowRun implements TrainingListener, AutoCloseable {

  private static final String FILE = "mlflow.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MlflowSettings settings;
  private final Consumer<String> warnings;
  private @Nullable MlflowSender sender;
  private String resumed = ""; // the id of the run that is continued
  private boolean changed; // so that repeated steps have other metrics
  private String status = "FAILED";

  private MlflowRun(MlflowSettings settings, Consumer<String> warnings) {
    this.settings = settings;
    this.warnings = warnings;
  }

  /** A listener whose warnings go to the log. */
  public static MlflowRun of(MlflowSettings settings) {
    return of(settings, LoggerFactory.getLogger(MlflowRun.class)::warn);
  }

  /**
   * A listener.
   *
   * @param warnings what is wrong with the server; called on the training thread
   */
  public static MlflowRun of(MlflowSettings settings, Consumer<String> warnings) {
    return new MlflowRun(
        requireNonNull(settings, "settings"), requireNonNull(warnings, "warnings"));
  }

  @Override
  public void onChangedSettings(List<String> differences) {
    changed = true;
  }

  @Override
  public void onResume(Checkpoint checkpoint, boolean anyway) {
    Path file = checkpoint.path().resolve(FILE);
    if (Files.exists(file)) {
      try {
        JsonNode run = JSON.readTree(Files.readString(file));
        if (run.path("server").asText().equals(settings.server().toString())) {
          resumed = run.path("run_id").asText();
        }
      } catch (IOException e) {
        warnings.accept(file + ": cannot be read, so a new run is logged: " + e.getMessage());
      }
    }
  }

  @Override
  public void onStart(TrainingPlan plan) {
    sender = new MlflowSender(settings, resumed, changed);
  }

  @Override
  public void onStep(StepMetrics metrics) {
    MlflowSender sending = requireNonNull(sender, "a step before training has begun");
    sending.add(metrics);
    sending.report(warnings);
  }

  /** Writes the id of the run, if it is known by now. */
  @Override
  public void intoCheckpoint(long step, Path folder) throws IOException {
    String id = sender == null ? "" : sender.id();
    if (!id.isEmpty()) {
      String run =
          JSON.createObjectNode()
              .put("server", settings.server().toString())
              .put("run_id", id)
              .toString();
      Files.writeString(folder.resolve(FILE), run + "\n");
    }
  }

  @Override
  public void onEnd(TrainingResult result) {
    status = result.completed() ? "FINISHED" : "KILLED";
  }

  /** Sends what is left and sets the status of the run, within ten seconds. */
  @Override
  public void close() {
    if (sender != null) {
      sender.end(status);
      sender.report(warnings);
      sender = null;
    }
  }
}
