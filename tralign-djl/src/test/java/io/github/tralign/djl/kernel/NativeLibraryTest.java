package io.github.tralign.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {

  @TempDir private Path folder;

  @Test
  void the_library_of_the_module_is_the_expected_one() throws IOException {
    NativeLibrary library = find(NativeLibraryTest.class.getClassLoader()).orElseThrow();
    Path file = library.unpack(folder);
    assertThat(file).hasParent(folder);
    assertThat(Files.readAllBytes(file)).startsWith(0x7f, 'E', 'L', 'F');
  }

  @Test
  void another_library_is_refused_and_not_written() throws IOException {
    Path jar = Files.createDirectory(folder.resolve("jar"));
    Path other = jar.resolve("META-INF/tralign/linux-x86_64/libtralign.so");
    Files.createDirectories(other.getParent());
    Files.writeString(other, "of another version");
    Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
    try (URLClassLoader loader = loaderOf(jar)) {
      NativeLibrary library = find(loader).orElseThrow();
      assertThatThrownBy(() -> library.unpack(unpacked))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining(other.toUri().getPath())
          .hasMessageContaining("is not the library that this version of tralign-djl was built")
          .hasMessageEndingWith("take " + NativeLibrary.artifact("linux-x86_64"));
    }
    assertThat(unpacked).isEmptyDirectory();
  }

  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = {"amd64", "x86_64"})
  void without_the_module_its_coordinates_are_named() throws IOException {
    try (URLClassLoader loader = loaderOf(folder)) {
      assertThat(find(loader)).isEmpty();
      assertThat(NativeKernels.requirement(true, loader).orElseThrow())
          .contains("io.github.tralign:tralign-native with the classifier linux-x86_64");
    }
    assertThat(NativeKernels.requirement(true, NativeLibraryTest.class.getClassLoader())).isEmpty();
  }

  @Test
  void the_processor_comes_before_the_module() throws IOException {
    try (URLClassLoader loader = loaderOf(folder)) {
      assertThat(NativeKernels.requirement(false, loader)).contains(NativeKernels.MACHINE);
    }
  }

  private static Optional<NativeLibrary> find(ClassLoader loader) {
    return NativeLibrary.find("libtralign", "linux-x86_64", loader);
  }

  /** Of one folder and the JDK. */
  private static URLClassLoader loaderOf(Path folder) throws IOException {
    return new URLClassLoader(
        new URL[] {folder.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
  }
}
