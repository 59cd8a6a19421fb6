package io.github.tralign.quickstart;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.train.TrainingListener;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes {@code metrics.jsonl}: one object per optimizer step, as the step ends. */
final class MetricsFile implements TrainingListener, AutoCloseable {

  private final ObjectMapper json = new ObjectMapper();
  private final BufferedWriter lines;

  MetricsFile(Path file) throws IOException {
    lines = Files.newBufferedWriter(file);
  }

  @Override
  public void onStep(StepMetrics metrics) {
    ObjectNode line = json.createObjectNode().put("step", metrics.step());
    metrics.values().forEach(line::put);
    try {
      lines.write(line + "\n");
      lines.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
