package io.github.tralign.djl.kernel;

import ai.djl.util.Platform;
import ai.djl.util.Utils;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.PrivateFolder;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder that DJL unpacks native libraries to and loads them from: one that nobody else can
 * write.
 *
 * <p>It is that of {@code ENGINE_CACHE_DIR} or {@code DJL_CACHE_DIR}, environment variables or
 * system properties, else {@code .djl.ai} in the home folder, else, if that cannot be written or
 * trusted, a new folder for this process only. DJL itself would fall back on a folder of a fixed
 * name that everybody can make.
 */
final class NativeCache {

  private static final Logger LOG = LoggerFactory.getLogger(NativeCache.class);
  private static final String ENGINES = "ENGINE_CACHE_DIR";
  private static final String ALL = "DJL_CACHE_DIR";
  private static final List<String> LIBRARIES = List.of("pytorch", "tokenizers");

  private static @Nullable NativeCache settled;

  private final Path folder;
  private final Path temporary;
  private final Optional<String> warning;

  private NativeCache(Path folder, Path temporary, Optional<String> warning) {
    this.folder = folder;
    this.temporary = temporary;
    this.warning = warning;
  }

  /**
   * Settles the folder, once a process, before DJL looks for it.
   *
   * @return a folder for files that are loaded and then removed, of this process only
   * @throws InvalidInputException if the folder that is set can be written by other users, or
   *     libraries that were unpacked before are damaged
   */
  static synchronized Path settle() {
    NativeCache cache = settled;
    if (cache == null) {
      Optional<Path> given = given();
      cache = choose(given, Path.of(System.getProperty("user.home")));
      cache.warning.ifPresent(LOG::warn);
      for (String library : LIBRARIES) {
        UnpackedLibraries.requireWhole(
            cache.folder.resolve(library), Platform.detectPlatform(library).getVersion());
      }
      if (given.isEmpty()) {
        tellDjl(cache.folder);
      }
      if (System.getProperty("jna.tmpdir") == null) {
        System.setProperty("jna.tmpdir", cache.temporary.toString());
      }
      settled = cache;
    }
    return cache.temporary;
  }

  private static Optional<Path> given() {
    return Stream.of(ENGINES, ALL)
        .map(Utils::getEnvOrSystemProperty)
        .filter(value -> value != null && !value.isEmpty())
        .findFirst()
        .map(value -> Path.of(value).toAbsolutePath());
  }

  private static void tellDjl(Path folder) {
    System.setProperty(ENGINES, folder.toString());
    if (!Utils.getEngineCacheDir().equals(folder)) {
      throw new InvalidInputException(
          "the environment variable " + ENGINES + " is set but empty; unset it");
    }
  }

  /** The folder that is given, which must be safe, else that of a home folder, if it is. */
  static NativeCache choose(Optional<Path> given, Path home) {
    return given.map(NativeCache::ofSetting).orElseGet(() -> ofHome(home.resolve(".djl.ai")));
  }

  Path folder() {
    return folder;
  }

  Path temporary() {
    return temporary;
  }

  Optional<String> warning() {
    return warning;
  }

  private static NativeCache ofSetting(Path folder) {
    Optional<String> risk;
    try {
      risk = risk(folder);
    } catch (IOException e) {
      throw new InvalidInputException(
          folder + ": native libraries cannot be unpacked there: " + Reason.of(e), e);
    }
    if (risk.isPresent()) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "%s: native libraries are not loaded from there, since %s; set %s or %s to a folder"
                  + " that only you can write",
              folder,
              risk.get(),
              ENGINES,
              ALL));
    }
    return new NativeCache(
        folder,
        Files.isWritable(folder) ? PrivateFolder.temporary(folder) : PrivateFolder.temporary(),
        Optional.empty());
  }

  private static NativeCache ofHome(Path folder) {
    Optional<String> risk;
    try {
      risk = folder.isAbsolute() ? risk(folder) : Optional.of("there is no home folder");
      if (risk.isEmpty() && !Files.isWritable(folder)) {
        risk = Optional.of("it cannot be written");
      }
    } catch (IOException e) {
      risk = Optional.of(Reason.of(e));
    }
    if (risk.isEmpty()) {
      return new NativeCache(folder, PrivateFolder.temporary(folder), Optional.empty());
    }
    Path own = PrivateFolder.temporary();
    return new NativeCache(
        own,
        own,
        Optional.of(
            String.format(
                Locale.ROOT,
                "%s is not used: %s. The native libraries are unpacked to %s for this process only;"
                    + " set %s to a folder of your own to keep them",
                folder,
                risk.get(),
                own,
                ALL)));
  }

  /** Why a folder cannot be trusted, if so. Removes what interrupted unpacking has left in it. */
  private static Optional<String> risk(Path cache) throws IOException {
    Optional<String> risk = PrivateFolder.risk(cache);
    for (String library : LIBRARIES) {
      Path folder = cache.resolve(library);
      if (risk.isEmpty() && (Files.isDirectory(folder) || Files.isWritable(cache))) {
        risk = PrivateFolder.risk(folder);
      }
      if (risk.isEmpty()) {
        risk = PrivateFolder.riskWithin(folder);
      }
      if (risk.isEmpty()) {
        removeLeftovers(folder);
      }
    }
    return risk;
  }

  private static void removeLeftovers(Path folder) {
    try {
      PrivateFolder.removeLeftovers(folder, "tmp");
      for (Path version : UnpackedLibraries.versions(folder)) {
        PrivateFolder.removeLeftovers(version, "jni");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be read: " + Reason.of(e), e);
    }
  }
}
