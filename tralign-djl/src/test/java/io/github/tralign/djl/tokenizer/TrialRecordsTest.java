package io.github.tralign.djl.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no POSIX permissions")
class TrialRecordsTest {

  @TempDir private Path folder;

  @Test
  void what_passed_is_remembered_where_nobody_else_could_have_written_it() throws IOException {
    Path records = folder.resolve("records");
    new TrialRecords(records).add("hash");
    assertThat(new TrialRecords(records).contains("hash")).isTrue();
    assertThat(new TrialRecords(records).contains("other")).isFalse();

    Files.setPosixFilePermissions(records, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(new TrialRecords(records).contains("hash")).isFalse();
    Files.setPosixFilePermissions(records, PosixFilePermissions.fromString("rwx------"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(new TrialRecords(records).contains("hash")).isFalse();
  }

  @Test
  void nothing_is_remembered_in_a_place_that_is_no_folder() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    TrialRecords records = new TrialRecords(file);
    records.add("hash");
    assertThat(records.contains("hash")).isFalse();
  }
}
