package io.github.tralign.djl.kernel;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.common.io.Resources;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The library in the jar of the optional module {@code tralign-native}: found on the class path or
 * the module path, and used only if it is the one that this version was built with.
 */
final class NativeLibrary {

  /** Where it is, as a build tool calls it. */
  static final String ARTIFACT =
      "io.github.tralign:tralign-native with the classifier linux-x86_64, in the version of"
          + " tralign-djl";

  /** Not in a package, so that no module can hide it. */
  private static final String RESOURCE = "META-INF/tralign/linux-x86_64/libtralign.so";

  private static final String EXPECTED = "libtralign.linux-x86_64.sha256";

  private final URL url;

  private NativeLibrary(URL url) {
    this.url = url;
  }

  /** The library, if its jar is there. */
  static Optional<NativeLibrary> find(ClassLoader loader) {
    return Optional.ofNullable(loader.getResource(RESOURCE)).map(NativeLibrary::new);
  }

  /**
   * Writes it to a file of a name of its own.
   *
   * @param folder one that nobody else can write
   * @throws InvalidInputException if it is another one than this version was built with
   */
  Path unpack(Path folder) throws IOException {
    byte[] bytes = Resources.toByteArray(url);
    HashCode found = Hashing.sha256().hashBytes(bytes);
    HashCode expected = expected();
    if (!found.equals(expected)) {
      throw new InvalidInputException(
          String.format(
              Locale.ROOT,
              "%s: is not the library that this version of tralign-djl was built with: its SHA-256"
                  + " is %s instead of %s; take %s",
              url,
              found,
              expected,
              ARTIFACT));
    }
    Path file = Files.createTempFile(folder, "libtralign", ".so");
    AtomicFile.deleteAbandoned(folder, "libtralign");
    return Files.write(file, bytes);
  }

  private static HashCode expected() throws IOException {
    URL resource = Resources.getResource(NativeLibrary.class, EXPECTED);
    return HashCode.fromString(Resources.toString(resource, StandardCharsets.US_ASCII).strip());
  }
}
