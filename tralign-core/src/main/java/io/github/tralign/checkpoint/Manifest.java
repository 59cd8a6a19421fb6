package io.github.tralign.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of a checkpoint with their sizes and CRC-32C sums, in {@code manifest.json}, which is
 * written last. It detects damage, not tampering.
 */
final class Manifest {

  private static final String FILE = "manifest.json";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Manifest() {}

  /** The expected properties of a file. */
  record Entry(long bytes, String crc32c) {
    static Entry of(Path file) throws IOException {
      return new Entry(
          Files.size(file), MoreFiles.asByteSource(file).hash(Hashing.crc32c()).toString());
    }
  }

  /** Writes the manifest of a folder. */
  static void write(Path folder) throws IOException {
    Files.writeString(folder.resolve(FILE), JSON.writeValueAsString(entries(folder)) + "\n");
  }

  /**
   * Describes the damage of a folder; empty if it is intact.
   *
   * @throws IOException if it cannot be read, which does not mean that it is damaged
   */
  static Optional<String> damage(Path folder) throws IOException {
    byte[] manifest;
    try {
      Path file = folder.resolve(FILE);
      if (Files.readAttributes(file, BasicFileAttributes.class).isOther()) {
        return Optional.of(FILE + " is a pipe or a device"); // reading a pipe might never end
      }
      manifest = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.of(FILE + " is missing");
    }
    Map<String, Entry> expected;
    try {
      expected = JSON.readValue(manifest, new TypeReference<Map<String, Entry>>() {});
    } catch (JsonProcessingException e) {
      return Optional.of(FILE + " is not valid JSON");
    }
    if (expected == null
        || expected.isEmpty()
        || expected.values().stream().anyMatch(Objects::isNull)) {
      return Optional.of(FILE + " names no files");
    }
    for (Map.Entry<String, Entry> file : expected.entrySet()) {
      Optional<String> damage = damage(folder, file.getKey(), file.getValue());
      if (damage.isPresent()) {
        return damage;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> damage(Path folder, String name, Entry expected)
      throws IOException {
    try {
      Path path = folder.resolve(name);
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        return Optional.of(name + " is not a file");
      }
      if (attributes.size() != expected.bytes()) {
        return Optional.of(
            String.format(
                Locale.ROOT,
                "%s has %,d bytes instead of %,d",
                name,
                attributes.size(),
                expected.bytes()));
      }
      return Entry.of(path).equals(expected)
          ? Optional.empty()
          : Optional.of(name + " has a wrong checksum");
    } catch (NoSuchFileException e) {
      return Optional.of(name + " is missing");
    } catch (InvalidPathException e) {
      return Optional.of(FILE + " contains an invalid file name");
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
