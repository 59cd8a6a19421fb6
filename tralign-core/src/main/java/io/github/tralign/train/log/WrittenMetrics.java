package io.github.tralign.train.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tralign.InvalidInputException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The lines of a {@code metrics.jsonl} that is to be appended to. */
final class WrittenMetrics {

  private static final ObjectMapper JSON = new ObjectMapper();

  private WrittenMetrics() {}

  /**
   * The length in bytes of the lines of the first steps.
   *
   * @param steps whose lines are kept
   * @throws InvalidInputException if not all of them are there
   */
  static long lengthUpTo(Path file, long steps) throws IOException {
    long length = 0;
    long step = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      for (byte[] line = next(in); line.length > 0 && step < steps; line = next(in)) {
        long its = JSON.readTree(line).path("step").asLong();
        if (step == 0 && its > steps) {
          return 0; // written by a run that was resumed without the lines before
        }
        if (step == 0 ? its < 1 : its != step + 1) {
          throw new InvalidInputException(
              file + ": after step " + step + " is a line of step " + its);
        }
        step = its;
        length += line.length;
      }
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(file + ": the line after step " + step + " is not JSON", e);
    }
    if (step < steps) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "%s: ends after step %d, but the checkpoint is of step %d; remove the file to begin"
                  + " a new one",
              file,
              step,
              steps));
    }
    return length;
  }

  /** A line with its end; empty at the end of the file, or where the line is cut off. */
  private static byte[] next(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      line.write(next);
      if (next == '\n') {
        return line.toByteArray();
      }
    }
    return new byte[0];
  }
}
