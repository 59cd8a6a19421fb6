package io.github.tralign.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReasonTest {

  @TempDir private Path folder;

  @Test
  void what_java_names_by_a_class_only_gets_words() {
    assertThat(Reason.of(new NoSuchFileException("a"))).isEqualTo("no such file or folder");
    assertThat(Reason.of(new AccessDeniedException("a"))).isEqualTo("permission denied");
    assertThat(Reason.of(new FileAlreadyExistsException("a"))).isEqualTo("a is in the way");
    assertThat(Reason.of(new NotDirectoryException("a"))).isEqualTo("a is not a folder");
    assertThat(Reason.of(new DirectoryNotEmptyException("a"))).isEqualTo("a is not empty");
    assertThat(Reason.of(new MalformedInputException(1))).isEqualTo("it is not valid UTF-8");
    assertThat(Reason.of(new EOFException())).isEqualTo("EOFException");
  }

  @Test
  void the_systems_own_reason_is_given_without_the_name_of_a_file() {
    assertThat(Reason.of(new FileSystemException("a", null, "Read-only file system")))
        .isEqualTo("Read-only file system");
    assertThat(Reason.of(new IOException("No space left on device")))
        .isEqualTo("No space left on device");
  }

  /** As they come: no message of a person's names a class. */
  @Test
  void failures_of_a_real_file_system_are_reported_in_words() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    List<Path> impossible = List.of(file, folder.resolve("none/folder"), file.resolve("folder"));
    for (Path path : impossible) {
      try {
        Files.createDirectory(path);
      } catch (IOException e) {
        assertThat(Reason.of(e)).as(path.toString()).isNotEmpty().doesNotContain("Exception");
        continue;
      }
      throw new AssertionError(path + " was made");
    }
  }
}
