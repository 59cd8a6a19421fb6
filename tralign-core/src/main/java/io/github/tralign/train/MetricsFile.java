package io.github.tralign.train;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.file.Reason;
import io.github.tralign.metrics.StepMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code metrics.jsonl}: a JSON object for each optimizer step, on disk as the step ends.
 * The file is made when training begins; one of that name is replaced. A run that is resumed goes
 * on with the file that is there, cut back to the steps that its checkpoint has.
 */
public final class MetricsFile implements TrainingListener, AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path path;
  private @Nullable AppendedFile file;

  /** A file in a folder that is there by the time that training begins. */
  public MetricsFile(Path path) {
    this.path = requireNonNull(path, "path");
  }

  @Override
  public void onStart(TrainingPlan plan) {
    close();
    try {
      boolean goesOn = plan.stepsDone() > 0 && Files.exists(path);
      long kept = goesOn ? MetricsLines.lengthUpTo(path, plan.stepsDone()) : 0;
      file = AppendedFile.cutTo(kept, path);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void onStep(StepMetrics metrics) {
    try {
      opened().append((json(metrics) + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void beforeCheckpoint(long step) {
    try {
      opened().force();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private AppendedFile opened() {
    if (file == null) {
      throw new IllegalStateException("a step before training has begun");
    }
    return file;
  }

  /**
   * A step's measurements as JSON. It knows no infinities: what is not finite, such as a rate over
   * no time, is left out.
   */
  public static ObjectNode json(StepMetrics metrics) {
    ObjectNode line = JSON.createObjectNode().put("step", metrics.step());
    metrics
        .values()
        .forEach(
            (name, value) -> {
              if (name.startsWith("num_")) {
                line.put(name, value.longValue());
              } else if (Double.isFinite(value)) {
                line.put(name, value);
              }
            });
    return line;
  }

  @Override
  public void close() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private UncheckedIOException failure(IOException e) {
    return new UncheckedIOException(path + ": cannot be written: " + Reason.of(e), e);
  }
}
