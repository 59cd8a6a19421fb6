package io.github.tralign.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What can be seen of the library without a C compiler; its tests are in {@code src/test/native}.
 */
class BuiltLibraryTest {

  private static final Path LIBRARY =
      Path.of("src/main/resources/META-INF/tralign/linux-x86_64/libtralign.so");

  @Test
  void the_library_is_built_from_the_sources_beside_it() throws IOException {
    Hasher hash = Hashing.sha256().newHasher();
    for (String suffix : List.of(".c", ".h")) {
      try (Stream<Path> files = Files.list(Path.of("src/main/native"))) {
        for (Path file : files.filter(it -> it.toString().endsWith(suffix)).sorted().toList()) {
          hash.putBytes(Files.readAllBytes(file));
        }
      }
    }
    String library = Files.readString(LIBRARY, StandardCharsets.ISO_8859_1);
    int at = library.indexOf("sources sha256 ");
    assertThat(at).isNotNegative();
    assertThat(library.substring(at, at + 79))
        .as("run tools/build_native.sh")
        .isEqualTo("sources sha256 " + hash.hash());
  }
}
