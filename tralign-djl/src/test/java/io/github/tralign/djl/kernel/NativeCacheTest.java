package io.github.tralign.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.util.Utils;
import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no POSIX permissions")
class NativeCacheTest {

  @TempDir private Path folder;

  @Test
  void djl_unpacks_into_the_folder_that_was_settled() {
    Path temporary = NativeCache.settle();

    assertThat(temporary).isDirectory();
    assertThat(temporary.startsWith(Utils.getEngineCacheDir().toAbsolutePath())).isTrue();
    assertThat(System.getProperty("jna.tmpdir")).isEqualTo(temporary.toString());
  }

  @Test
  void the_home_folder_is_used_if_nobody_else_can_write_there() {
    NativeCache cache = NativeCache.choose(Optional.empty(), folder);

    assertThat(cache.folder()).isEqualTo(folder.resolve(".djl.ai")).isDirectory();
    assertThat(cache.folder().resolve("pytorch")).isDirectory();
    assertThat(cache.temporary()).startsWith(cache.folder());
    assertThat(cache.warning()).isEmpty();
  }

  @Test
  void what_another_user_may_have_planted_at_home_is_not_used() throws IOException {
    Path planted = made(".djl.ai", "rwxrwxrwx");
    NativeCache cache = NativeCache.choose(Optional.empty(), folder);

    assertThat(cache.folder()).isDirectory().isNotEqualTo(planted);
    assertThat(cache.warning().orElseThrow())
        .startsWith(planted + " is not used: " + planted + " can be written by other users.");
  }

  @Test
  void without_a_home_folder_a_private_one_is_made() {
    NativeCache cache = NativeCache.choose(Optional.empty(), Path.of("?"));

    assertThat(cache.folder()).isDirectory().isEqualTo(cache.temporary());
    assertThat(cache.warning().orElseThrow()).contains("there is no home folder");
  }

  @Test
  void a_folder_that_is_set_is_used_or_refused() throws IOException {
    Path given = folder.resolve("a/b");
    assertThat(NativeCache.choose(Optional.of(given), folder).folder()).isEqualTo(given);

    Path open = made("open", "rwxrwx---");
    assertThatThrownBy(() -> NativeCache.choose(Optional.of(open), folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(open + ": native libraries are not loaded from there, since ")
        .hasMessageContaining("or DJL_CACHE_DIR to a folder that only you can write");
    assertThatThrownBy(() -> NativeCache.choose(Optional.of(open.resolve("below")), folder))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void each_library_in_a_folder_that_others_can_enter_counts() throws IOException {
    Path given = made("given", "rwxr-xr-x");
    Path version = Files.createDirectories(given.resolve("pytorch/2.7.1-cpu-linux-x86_64"));
    Path library = Files.createFile(version.resolve("libtorch.so"));
    Files.setPosixFilePermissions(library, PosixFilePermissions.fromString("rw-rw-rw-"));
    Files.setPosixFilePermissions(
        given.resolve("pytorch"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(version, PosixFilePermissions.fromString("rwxr-xr-x"));

    assertThatThrownBy(() -> NativeCache.choose(Optional.of(given), folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(library + " can be written by other users");
  }

  @Test
  void what_interrupted_unpacking_left_is_removed() throws IOException {
    Path left = Files.createDirectories(folder.resolve("pytorch/tmp123"));
    Path library = Files.createDirectories(folder.resolve("pytorch/2.7.1"));
    Path half = Files.createFile(library.resolve("jni123tmp"));
    for (Path each : new Path[] {left, half}) {
      Files.setLastModifiedTime(each, FileTime.from(Instant.now().minusSeconds(3600)));
    }

    NativeCache.choose(Optional.of(folder), folder);

    assertThat(left).doesNotExist();
    assertThat(half).doesNotExist();
    assertThat(library).exists();
  }

  private Path made(String name, String permissions) throws IOException {
    Path made = Files.createDirectory(folder.resolve(name));
    return Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(permissions));
  }
}
