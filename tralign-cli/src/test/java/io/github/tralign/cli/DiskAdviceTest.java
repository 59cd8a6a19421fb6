package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskAdviceTest {

  private static String reported(Throwable e) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(Printer.on(new ByteArrayOutputStream()), Printer.on(err));
    assertThat(new Failures(console).report(e, new String[0])).isEqualTo(1);
    return err.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "No space left on device, free some space there",
    "Disk quota exceeded, delete files of yours there",
    "Read-only file system, choose a folder that can be written",
    "Operation not permitted, give this user the right to it",
    "Too many open files, ulimit -n raises the limit",
    "Input/output error, the disk may be failing"
  })
  void a_failure_of_the_disk_comes_with_what_to_do(String reason, String advice) {
    IOException cause = new FileSystemException("a/.b.tmp-1", null, reason);
    assertThat(reported(new UncheckedIOException("a/b: cannot be written: " + reason, cause)))
        .startsWith("tralign: a/b: cannot be written: " + reason + "; " + advice)
        .doesNotContain("--stacktrace");
    assertThat(reported(new UncheckedIOException(cause)))
        .startsWith("tralign: a/.b.tmp-1: " + reason + "; " + advice)
        .doesNotContain("--stacktrace");
  }

  @Test
  void a_file_that_may_not_be_read_is_named() {
    assertThat(reported(new AccessDeniedException("a/b")))
        .startsWith("tralign: a/b: permission denied; give this user the right to it")
        .doesNotContain("--stacktrace");
  }

  @Test
  void other_failures_get_no_such_advice() {
    assertThat(DiskAdvice.of(new ConnectException("Permission denied"))).isEmpty();
    assertThat(DiskAdvice.of(new IllegalStateException("No space left on device"))).isEmpty();
    assertThat(reported(new UncheckedIOException(new IOException("odd"))))
        .startsWith("tralign: failed: odd")
        .contains("--stacktrace shows where it happened");
  }
}
