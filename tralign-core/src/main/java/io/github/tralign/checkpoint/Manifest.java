package io.github.tralign.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of a checkpoint with their sizes and CRC-32C sums, in {@code manifest.json}, which is
 * written last. It tells damage, not ill will.
 */
final class Manifest {

  private static final String FILE = "manifest.json";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Manifest() {}

  /** What a file must be like. */
  record Entry(long bytes, String crc32c) {
    static Entry of(Path file) throws IOException {
      return new Entry(
          Files.size(file), MoreFiles.asByteSource(file).hash(Hashing.crc32c()).toString());
    }
  }

  /** Lists what is in a folder. */
  static void write(Path folder) throws IOException {
    Files.writeString(folder.resolve(FILE), JSON.writeValueAsString(entries(folder)) + "\n");
  }

  /** What is wrong with a folder, in words; empty if it is as it was written. */
  static Optional<String> damage(Path folder) {
    if (!Files.isRegularFile(folder.resolve(FILE))) {
      return Optional.of(FILE + " is missing");
    }
    try {
      Map<String, Entry> expected =
          JSON.readValue(
              Files.readAllBytes(folder.resolve(FILE)), new TypeReference<Map<String, Entry>>() {});
      for (Map.Entry<String, Entry> file : expected.entrySet()) {
        Path path = folder.resolve(file.getKey());
        if (!Files.isRegularFile(path)) {
          return Optional.of(file.getKey() + " is missing");
        }
        if (Files.size(path) != file.getValue().bytes()) {
          return Optional.of(
              String.format(
                  Locale.ROOT,
                  "%s has %d bytes instead of %d",
                  file.getKey(),
                  Files.size(path),
                  file.getValue().bytes()));
        }
        if (!Entry.of(path).equals(file.getValue())) {
          return Optional.of(file.getKey() + " does not have its checksum");
        }
      }
      return expected.isEmpty() ? Optional.of(FILE + " names no files") : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.of(FILE + " is not the JSON that it was");
    } catch (IOException e) {
      return Optional.of("it cannot be read: " + Reason.of(e));
    }
  }

  private static Map<String, Entry> entries(Path folder) throws IOException {
    Map<String, Entry> entries = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        entries.put(folder.relativize(file).toString().replace('\\', '/'), Entry.of(file));
      }
    }
    return entries;
  }
}
