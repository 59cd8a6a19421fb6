package io.github.tralign.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows knows no owners by number")
class OwnershipTest {

  @TempDir private Path folder;
  private Ownership own;

  @BeforeEach
  void look_as_the_user_of_this_process() throws IOException {
    own = Ownership.ofMaker(folder);
  }

  @Test
  void a_folder_of_our_own_is_at_no_risk() throws IOException {
    Path inner = made("a", "rwxr-xr-x");

    assertThat(own.risk(inner, false)).isEmpty();
    assertThat(own.risk(inner.resolve("missing/deeper"), false)).isEmpty();
  }

  @Test
  void what_others_can_write_is_at_risk_and_so_is_what_lies_below() throws IOException {
    Path group = made("group", "rwxrwx---");
    Path all = made("all", "rwxrwxrwx");
    Path below = Files.createDirectory(all.resolve("below"));

    assertThat(own.risk(group, false)).hasValue(group + " can be written by other users");
    assertThat(own.risk(below, false)).hasValue(all + " can be written by other users");
  }

  @Test
  void below_a_shared_folder_nobody_removes_what_another_one_made() throws IOException {
    Path shared = made("shared", "rwxrwxrwx");
    Files.setAttribute(shared, "unix:mode", 01777);
    Path below = Files.createDirectory(shared.resolve("below"));

    assertThat(own.risk(below, false)).isEmpty();
    assertThat(own.risk(shared, true)).isEmpty();
    assertThat(own.risk(shared, false)).hasValue(shared + " can be written by other users");
  }

  @Test
  void what_belongs_to_another_user_is_at_risk() throws IOException {
    int nobody = 65_533;
    Path inner = made("a", "rwx------");
    int maker = (int) Files.getAttribute(inner, "unix:uid");
    Ownership other = new Ownership(nobody);

    assertThat(other.risk(inner, false).isPresent()).isEqualTo(maker != 0);
    assertThat(other.isOwn(inner)).isFalse();
  }

  @Test
  void a_link_is_at_the_risk_of_its_target_and_of_where_it_lies() throws IOException {
    Path open = made("open", "rwxrwxrwx");
    Path safe = made("safe", "rwx------");
    Path toOpen = Files.createSymbolicLink(folder.resolve("to-open"), open);
    Path fromOpen = Files.createSymbolicLink(open.resolve("to-safe"), safe);
    Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));

    assertThat(own.risk(toOpen, false)).hasValue(open + " can be written by other users");
    assertThat(own.risk(toOpen.resolve("x"), false)).isPresent();
    assertThat(own.risk(fromOpen, false)).hasValue(open + " can be written by other users");
    assertThat(own.risk(loop, false)).hasValueSatisfying(it -> assertThat(it).contains("too many"));
  }

  @Test
  void within_a_folder_that_others_can_enter_each_file_counts() throws IOException {
    Path cache = made("cache", "rwxr-xr-x");
    Path library = Files.createFile(Files.createDirectory(cache.resolve("lib")).resolve("x.so"));
    assertThat(own.riskWithin(cache)).isEmpty();

    Files.setPosixFilePermissions(library, PosixFilePermissions.fromString("rw-rw-r--"));
    assertThat(own.riskWithin(cache)).hasValue(library + " can be written by other users");

    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwx------"));
    assertThat(own.riskWithin(cache)).isEmpty();
    assertThat(own.riskWithin(cache.resolve("missing"))).isEmpty();
  }

  private Path made(String name, String permissions) throws IOException {
    Path made = Files.createDirectory(folder.resolve(name));
    return Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(permissions));
  }
}
