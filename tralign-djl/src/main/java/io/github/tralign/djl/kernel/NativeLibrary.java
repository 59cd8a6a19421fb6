package io.github.tralign.djl.kernel;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import com.google.common.io.Resources;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * A library in the jar of the optional module {@code tralign-native}: found on the class path or
 * the module path, and used only if it is the one that this version was built with.
 */
public final class NativeLibrary {

  /** Linux on x86-64, as classifiers of jars name it. */
  static final String LINUX_X86 = "linux-x86_64";

  private final String name;
  private final String platform;
  private final URL url;

  private NativeLibrary(String name, String platform, URL url) {
    this.name = name;
    this.platform = platform;
    this.url = url;
  }

  /**
   * The library, if its jar is there.
   *
   * @param name such as {@code libtralign}
   * @param platform the classifier of its jar, such as {@code linux-x86_64}
   */
  public static Optional<NativeLibrary> find(String name, String platform, ClassLoader loader) {
    // Not in a package, so that no module can hide it.
    String resource = "META-INF/tralign/" + platform + "/" + name + ".so";
    return Optional.ofNullable(loader.getResource(resource))
        .map(url -> new NativeLibrary(name, platform, url));
  }

  /** Where a platform's libraries are, as a build tool calls it. */
  public static String artifact(String platform) {
    return "io.github.tralign:tralign-native with the classifier "
        + platform
        + ", in the version of tralign-djl";
  }

  /**
   * Loads it into this process.
   *
   * @throws InvalidInputException if it is another one than this version was built with
   * @throws UnsatisfiedLinkError if it needs what PyTorch's library or the system does not have
   */
  public void load() {
    try {
      Path file = unpack(NativeCache.settle());
      try {
        System.load(file.toAbsolutePath().toString());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "tralign's native library cannot be written to a temporary file", e);
    }
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
              artifact(platform)));
    }
    Path file = Files.createTempFile(folder, name, ".so");
    AtomicFile.deleteAbandoned(folder, name);
    return Files.write(file, bytes);
  }

  private HashCode expected() throws IOException {
    URL resource = Resources.getResource(NativeLibrary.class, name + "." + platform + ".sha256");
    return HashCode.fromString(Resources.toString(resource, StandardCharsets.US_ASCII).strip());
  }
}
