package io.github.tralign.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.base.Joiner;
import com.google.common.collect.Iterables;
import io.github.tralign.file.AtomicFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Converts {@code metrics.jsonl} to CSV: a column for each metric and a line for each step. A cell
 * is empty if its step does not have the metric.
 */
final class MetricsCsv {

  private MetricsCsv() {}

  /** Reads the metrics twice: first for the columns, then for the lines. */
  static void write(Path metrics, Path csv) {
    Set<String> columns = new LinkedHashSet<>();
    MetricsReader.forEach(
        metrics, (step, line) -> line.fieldNames().forEachRemaining(columns::add));
    Joiner comma = Joiner.on(',');
    AtomicFile.write(
        csv,
        channel -> {
          Writer out = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
          out.write(comma.join(Iterables.transform(columns, MetricsCsv::quoted)) + "\n");
          MetricsReader.forEach(
              metrics,
              (step, line) -> {
                try {
                  out.write(
                      comma.join(Iterables.transform(columns, it -> value(line.path(it)))) + "\n");
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
          out.flush();
        });
  }

  private static String value(JsonNode value) {
    return value.asText(); // a number, or "" if missing
  }

  /** Quotes a name if necessary, since custom losses and rules may have any names. */
  static String quoted(String name) {
    return name.matches("[^\",\\r\\n]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
  }
}
