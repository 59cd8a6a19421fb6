package io.github.tralign.train.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tralign.InvalidInputException;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.file.Reason;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * How a {@code metrics.jsonl} begins: what a checkpoint keeps of it in {@code metrics.json}.
 *
 * @param bytes of the lines up to the checkpoint
 * @param crc32c their checksum
 */
record MetricsHistory(long bytes, long crc32c) {

  private static final String FILE = "metrics.json";
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

  void write(Path checkpoint) throws IOException {
    Files.write(checkpoint.resolve(FILE), JSON.writeValueAsBytes(this));
  }

  /** What a checkpoint keeps; empty if it was written without. */
  private static Optional<MetricsHistory> of(Checkpoint checkpoint) {
    Path file = checkpoint.path().resolve(FILE);
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(file), MetricsHistory.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(file + ": is invalid: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /**
   * Checks that a file begins as it did when a checkpoint was written.
   *
   * @throws InvalidInputException if it does not
   */
  static void require(Path metrics, Checkpoint checkpoint) {
    of(checkpoint)
        .ifPresent(
            expected -> {
              String difference = expected.difference(metrics);
              if (!difference.isEmpty()) {
                throw new InvalidInputException(
                    String.format(
                        Locale.ROOT,
                        "%s: %s; %s continues its first %d bytes. Restore the file, or resume"
                            + " anyway to continue without it",
                        metrics,
                        difference,
                        checkpoint.path(),
                        expected.bytes()));
              }
            });
  }

  private String difference(Path metrics) {
    try {
      long size = Files.size(metrics);
      return size < bytes
          ? "has only " + size + " bytes"
          : sum(metrics, bytes).getValue() != crc32c ? "was changed" : "";
    } catch (NoSuchFileException e) {
      return "is missing";
    } catch (IOException e) {
      throw new UncheckedIOException(metrics + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** The checksum of a file's first bytes, to be continued. */
  static CRC32C sum(Path file, long bytes) throws IOException {
    CRC32C sum = new CRC32C();
    if (bytes > 0) {
      try (InputStream in =
          new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file)), sum)) {
        in.skipNBytes(bytes);
      }
    }
    return sum;
  }
}
