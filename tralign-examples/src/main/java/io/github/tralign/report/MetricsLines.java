package io.github.tralign.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;

/** Reads {@code metrics.jsonl} line by line, however long it is. */
final class MetricsLines {

  private static final ObjectMapper JSON = new ObjectMapper();

  private MetricsLines() {}

  /**
   * Gives each step with its line. A last line that is no JSON is left out: the run was killed, or
   * is writing it just now.
   *
   * @throws InvalidInputException if any other line is no object with a step, or has a number that
   *     is too large
   */
  static void forEach(Path file, BiConsumer<Long, JsonNode> use) {
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      String line = reader.readLine();
      for (long number = 1; line != null; number++) {
        String next = reader.readLine();
        JsonNode values = parse(line);
        if (values.path("step").isIntegralNumber()) {
          requireFinite(values, file, number);
          use.accept(values.path("step").longValue(), values);
        } else if (next != null) {
          throw new InvalidInputException(
              file + ":" + number + ": is no JSON object with a step, as metrics have it");
        }
        line = next;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** JSON has no infinities, but numbers such as 1e999 are read as such. */
  private static void requireFinite(JsonNode values, Path file, long number) {
    values
        .properties()
        .forEach(
            it -> {
              if (it.getValue().isNumber() && !Double.isFinite(it.getValue().doubleValue())) {
                throw new InvalidInputException(
                    String.format(
                        "%s:%d: '%s' is larger than any number that can be computed with",
                        file, number, it.getKey()));
              }
            });
  }

  private static JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }
}
