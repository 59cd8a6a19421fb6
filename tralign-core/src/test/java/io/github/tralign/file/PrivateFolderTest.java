package io.github.tralign.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no POSIX permissions")
class PrivateFolderTest {

  @TempDir private Path folder;

  @Test
  void a_folder_that_is_made_is_for_its_owner_only() throws IOException {
    Path made = folder.resolve("a/b");

    assertThat(PrivateFolder.risk(made)).isEmpty();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rwx------");
    Path temporary = PrivateFolder.temporary(folder);
    assertThat(temporary).startsWith(folder);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary)))
        .isEqualTo("rwx------");
  }

  @Test
  void no_temporary_folder_is_made_where_others_could_replace_it() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThatThrownBy(() -> PrivateFolder.temporary(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(folder + " can be written by other users; set java.io.tmpdir to");
  }

  @Test
  void what_a_killed_process_left_is_removed_and_nothing_else() throws IOException {
    Path inUse = PrivateFolder.temporary(folder);
    Path left = Files.createDirectory(folder.resolve(".tralign-native-1"));
    Path lock = Files.createFile(left.resolve("in-use"));
    Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minusSeconds(60)));
    Files.createFile(left.resolve("libtorch.so"));
    Path foreign = Files.createDirectory(folder.resolve(".tralign-native-mine"));
    Path young = Files.createDirectory(folder.resolve(".tralign-native-2"));

    PrivateFolder.temporary(folder);

    assertThat(left).doesNotExist();
    assertThat(inUse).exists();
    assertThat(foreign).exists();
    assertThat(young).exists();
  }

  @Test
  void leftovers_are_removed_once_nothing_writes_them() throws IOException {
    Path old = Files.createDirectory(folder.resolve("tmp1"));
    Path file = Files.createFile(old.resolve("libtorch.so"));
    Path young = Files.createDirectory(folder.resolve("tmp2"));
    Path library = Files.createDirectory(folder.resolve("2.7.1"));
    FileTime hourAgo = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
    for (Path each : new Path[] {old, file, library}) {
      Files.setLastModifiedTime(each, hourAgo);
    }

    PrivateFolder.removeLeftovers(folder, "tmp");
    PrivateFolder.removeLeftovers(folder.resolve("missing"), "tmp");

    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(library).exists();
  }
}
