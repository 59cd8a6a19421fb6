package io.github.tralign.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackedLibrariesTest {

  @TempDir private Path folder;

  @Test
  void damaged_libraries_of_the_version_that_is_loaded_are_refused() throws IOException {
    Path version = Files.createDirectory(folder.resolve("2.7.1-cpu"));
    Files.createFile(version.resolve(System.mapLibraryName("torch")));
    assertThatThrownBy(() -> UnpackedLibraries.requireWhole(folder, "2.7.1"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(version + ": its native libraries are damaged: ")
        .hasMessageEndingWith(" is empty; delete this folder, and they are unpacked again");
    assertThatCode(() -> UnpackedLibraries.requireWhole(folder, "2.7.10"))
        .doesNotThrowAnyException();
    assertThatCode(() -> UnpackedLibraries.requireWhole(folder.resolve("no"), "2.7.1"))
        .doesNotThrowAnyException();
  }

  @Test
  void a_disk_that_kept_a_library_from_being_unpacked_is_the_reason() {
    IOException full = new IOException("No space left on device");
    assertThat(UnpackedLibraries.failure(folder, 0, "a", new IllegalStateException(full)))
        .hasValueSatisfying(
            it ->
                assertThat(it)
                    .hasCause(full)
                    .hasMessage(
                        folder
                            + ": a cannot be unpacked there: No space left on device; DJL_CACHE_DIR"
                            + " names another folder"));
    IllegalStateException lost = new IllegalStateException("Unexpected flavor: cpu");
    assertThat(UnpackedLibraries.failure(folder, Long.MAX_VALUE, "a", lost))
        .hasValueSatisfying(it -> assertThat(it).hasMessageContaining(": No space left on device"));
    assertThat(UnpackedLibraries.failure(folder, 0, "a", lost)).isEmpty();
  }
}
