package io.github.tralign.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Writes {@code metrics.jsonl}: a line for each step, on disk as the step ends. */
final class MetricsFile implements TrainingListener, AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path path;
  private @Nullable Writer writer;

  MetricsFile(Path path) {
    this.path = path;
  }

  /** Creates the file. */
  void open() {
    try {
      writer = Files.newBufferedWriter(path);
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be written: " + e, e);
    }
  }

  @Override
  public void onStep(StepMetrics metrics) {
    Writer out = writer;
    if (out == null) {
      throw new IllegalStateException("open() comes first");
    }
    try {
      out.write(json(metrics) + "\n");
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be written: " + e, e);
    }
  }

  /**
   * A step's measurements. JSON knows no infinities: what is not finite, such as a rate over no
   * time, is left out.
   */
  static ObjectNode json(StepMetrics metrics) {
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
      if (writer != null) {
        writer.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be written: " + e, e);
    }
  }
}
