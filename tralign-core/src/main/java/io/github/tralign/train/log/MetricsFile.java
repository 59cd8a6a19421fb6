package io.github.tralign.train.log;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.file.Reason;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.train.TrainingListener;
import io.github.tralign.train.TrainingPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code metrics.jsonl}: a JSON object for each optimizer step, on disk as the step ends.
 * The file is made when training begins; one of that name is replaced. A run that is resumed
 * appends to its file, cut back to the steps of the checkpoint. A file that was changed since then
 * is rejected, unless the run is resumed anyway.
 */
public final class MetricsFile implements TrainingListener, AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path path;
  private @Nullable AppendedFile file;
  private CRC32C sum = new CRC32C(); // of all that is in it
  private long length;

  /** A file in a folder that exists when training begins. */
  public MetricsFile(Path path) {
    this.path = requireNonNull(path, "path");
  }

  @Override
  public void onResume(Checkpoint checkpoint, boolean anyway) {
    if (!anyway) {
      MetricsHistory.require(path, checkpoint);
    }
  }

  @Override
  public void onStart(TrainingPlan plan) {
    close();
    try {
      boolean appends = plan.stepsDone() > 0 && Files.exists(path);
      length = appends ? WrittenMetrics.lengthUpTo(path, plan.stepsDone()) : 0;
      sum = MetricsHistory.sum(path, length);
      file = AppendedFile.cutTo(length, path);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public void onStep(StepMetrics metrics) {
    try {
      byte[] line = (json(metrics) + "\n").getBytes(StandardCharsets.UTF_8);
      opened().append(line);
      sum.update(line);
      length += line.length;
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

  @Override
  public void intoCheckpoint(long step, Path folder) throws IOException {
    new MetricsHistory(length, sum.getValue()).write(folder);
  }

  private AppendedFile opened() {
    if (file == null) {
      throw new IllegalStateException("a step before training has begun");
    }
    return file;
  }

  /**
   * A step's metrics as JSON. Values that are not finite, such as a rate over no time, are left
   * out: JSON has no infinities.
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
