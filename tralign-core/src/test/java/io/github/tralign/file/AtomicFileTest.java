package io.github.tralign.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir private Path folder;

  @Test
  void what_killed_processes_left_is_deleted_once_it_is_old() throws IOException {
    Path recent = Files.createFile(AtomicFile.sibling(folder.resolve("a"), "tmp"));
    Path kept = old(Files.createFile(folder.resolve("a")));
    old(Files.createFile(AtomicFile.sibling(folder.resolve("a"), "tmp")));
    old(Files.createFile(folder.resolve("kernels123.pt")));
    AtomicFile.deleteAbandoned(folder, "kernels");
    assertThat(folder).isDirectoryNotContaining(it -> !it.equals(recent) && !it.equals(kept));
    assertThat(recent).exists();
    assertThat(kept).exists();
  }

  @Test
  void a_file_that_is_there_is_not_replaced_by_a_new_one() throws IOException {
    Path mine = Files.writeString(folder.resolve("mine"), "mine");
    Path temporary = Files.writeString(AtomicFile.sibling(mine, "tmp"), "new");
    assertThatThrownBy(() -> AtomicFile.moveToNew(temporary, mine))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(mine).hasContent("mine");
    assertThat(temporary).hasContent("new");

    AtomicFile.moveToNew(temporary, folder.resolve("other"));
    assertThat(folder.resolve("other")).hasContent("new");
    assertThat(temporary).doesNotExist();
  }

  private static Path old(Path file) throws IOException {
    return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(1, ChronoUnit.DAYS)));
  }
}
