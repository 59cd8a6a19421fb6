package io.github.tralign.cli;

import io.github.tralign.InvalidInputException;
import io.github.tralign.data.source.RecordFiles;
import io.github.tralign.hub.HubCache;
import io.github.tralign.hub.HubReference;
import io.github.tralign.hub.HubReference.Kind;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A path, or a name such as {@code owner/name} that the local Hugging Face cache holds. What exists
 * as a path wins.
 */
final class HubPath {

  private HubPath() {}

  /** Of a model, an adapter or a tokenizer. */
  static final class OfModel implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
      return converted(Kind.MODEL, text);
    }
  }

  /** Of a data file. */
  static final class OfData implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
      return converted(Kind.DATASET, text);
    }
  }

  /**
   * Of a data file that no option names.
   *
   * @throws InvalidInputException if it is a name that the cache does not have
   */
  static Path ofData(String text) {
    return resolve(Kind.DATASET, text);
  }

  private static Path converted(Kind kind, String text) {
    try {
      return resolve(kind, text);
    } catch (InvalidInputException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  private static Path resolve(Kind kind, String text) {
    Optional<Path> path = path(text);
    Optional<HubReference> reference = HubReference.parse(kind, text);
    if (path.filter(Files::exists).isPresent() || reference.isEmpty()) {
      return path.orElseThrow(
          () -> new InvalidInputException("'" + text + "' is neither a path nor a name"));
    }
    HubCache cache = HubCache.ofEnvironment();
    if (path.filter(HubPath::isMeant).isPresent() && !cache.has(reference.get())) {
      return path.get(); // its absence is reported as that of any path
    }
    return cache.resolve(reference.get());
  }

  /** Whether a text that could be a name rather is a path with a mistake. */
  private static boolean isMeant(Path path) {
    return Files.exists(path.getName(0)) || RecordFiles.isDataFile(path);
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(text).filter(it -> !it.isEmpty()).map(Path::of);
    } catch (InvalidPathException e) { // such as one with a colon, on Windows
      return Optional.empty();
    }
  }
}
