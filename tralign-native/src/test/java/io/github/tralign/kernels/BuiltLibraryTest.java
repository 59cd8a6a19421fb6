package io.github.tralign.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What can be seen of the library without a C compiler; its tests are in {@code src/test/native}.
 */
class BuiltLibraryTest {

  private static final Path SOURCES = Path.of("src/main/native");

  @Test
  void the_library_is_built_from_the_sources_beside_it() throws IOException {
    assertThat(builtFrom("linux-x86_64/libtralign.so"))
        .as("run tools/build_native.sh")
        .isEqualTo(
            hash(
                Files.walk(SOURCES, 1).filter(BuiltLibraryTest::isOfC),
                Comparator.comparing(BuiltLibraryTest::suffix).thenComparing(Path::toString)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "linux-x86_64/libtralign-collective.so",
        "linux-aarch64/libtralign-collective.so",
        "linux-x86_64/libtralign-collective-nccl.so"
      })
  void so_are_those_for_several_processes(String library) throws IOException {
    assertThat(builtFrom(library))
        .as("run tools/build_collective.sh")
        .isEqualTo(
            hash(
                Files.walk(SOURCES.resolve("collective")).filter(Files::isRegularFile),
                Comparator.comparing(Path::toString)));
  }

  private static String suffix(Path file) {
    return file.toString().substring(file.toString().lastIndexOf('.'));
  }

  private static boolean isOfC(Path file) {
    return file.toString().endsWith(".c") || file.toString().endsWith(".h");
  }

  /** All files, one after the other in the order in which the script has them. */
  private static String hash(Stream<Path> files, Comparator<Path> order) throws IOException {
    Hasher hash = Hashing.sha256().newHasher();
    try (files) {
      for (Path file : files.sorted(order).toList()) {
        hash.putBytes(Files.readAllBytes(file));
      }
    }
    return hash.hash().toString();
  }

  private static String builtFrom(String name) throws IOException {
    Path file = Path.of("src/main/resources/META-INF/tralign").resolve(name);
    String library = Files.readString(file, StandardCharsets.ISO_8859_1);
    String mark = "sources sha256 ";
    int at = library.indexOf(mark);
    assertThat(at).isNotNegative();
    return library.substring(at + mark.length(), at + mark.length() + 64);
  }
}
