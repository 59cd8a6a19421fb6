package io.github.tralign.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

  private static Path old(Path file) throws IOException {
    return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(1, ChronoUnit.DAYS)));
  }
}
