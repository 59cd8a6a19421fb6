package io.github.tralign.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;

/** Reads {@code metrics.jsonl} line by line, so files may be of any length. */
final class MetricsReader {

  private static final ObjectMapper JSON = new ObjectMapper();

  private MetricsReader() {}

  /**
   * Calls {@code use} with the step and the values of each line. A last line that is not valid JSON
   * is ignored: the run was killed or is just writing it.
   *
   * @throws InvalidInputException if another line is not an object with a step, or a number is not
   *     finite
   */
  static void forEach(Path file, BiConsumer<Long, JsonNode> use) {
    long number = 1;
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      String line = reader.readLine();
      for (; line != null; number++) {
        String next = reader.readLine();
        JsonNode values = parse(line);
        if (values.path("step").isIntegralNumber() && values.path("step").canConvertToLong()) {
          requireFinite(values, file + ":" + number);
          use.accept(values.path("step").longValue(), values);
        } else if (next != null) {
          throw new InvalidInputException(
              file + ":" + number + ": expected a JSON object with an integer 'step'");
        }
        line = next;
      }
    } catch (CharacterCodingException e) {
      throw new InvalidInputException(
          file + ": after line " + (number - 1) + ": is not valid UTF-8", e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** Numbers such as 1e999 are valid JSON, but too large for a double. */
  private static void requireFinite(JsonNode values, String place) {
    values
        .properties()
        .forEach(
            it -> {
              if (it.getValue().isNumber() && !Double.isFinite(it.getValue().doubleValue())) {
                throw new InvalidInputException(
                    place + ": '" + it.getKey() + "' is not a finite number");
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
