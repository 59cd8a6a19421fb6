package io.github.tralign.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {

  @TempDir Path root;

  private CheckpointStore store() {
    return CheckpointStore.in(root.resolve("checkpoints"));
  }

  private Checkpoint write(long step) {
    return store()
        .write(
            step,
            folder -> {
              Files.writeString(folder.resolve("run.json"), "{}");
              Files.createDirectory(folder.resolve("policy"));
              Files.writeString(folder.resolve("policy/weights"), "step " + step);
            });
  }

  private List<String> entries() throws IOException {
    try (Stream<Path> entries = Files.list(store().folder())) {
      return entries.map(it -> it.getFileName().toString()).sorted().toList();
    }
  }

  private static void ignore(String complaint) {}

  @Test
  void the_newest_is_found() {
    assertThat(store().newest(CheckpointStoreTest::ignore)).isEmpty();
    write(9);
    Checkpoint newer = write(1_000_000);
    assertThat(newer.path()).hasFileName("step-1000000");
    assertThat(store().steps()).containsExactly(9L, 1_000_000L);
    assertThat(store().newest(CheckpointStoreTest::ignore)).contains(newer);
  }

  @Test
  void any_damage_is_noticed_and_reported() throws IOException {
    Checkpoint sound = write(1);
    for (Damage damage : damages()) {
      Checkpoint damaged = write(2); // replaces the one damaged before
      damage.doTo(damaged.path());
      List<String> complaints = new ArrayList<>();
      assertThat(store().newest(complaints::add)).contains(sound);
      assertThat(complaints).hasSize(1);
      assertThat(complaints.get(0))
          .startsWith(damaged.path() + " is damaged")
          .contains(damage.told);
    }
  }

  @Test
  void one_is_found_by_its_step_if_it_is_whole() throws IOException {
    Checkpoint sound = write(1);
    assertThat(store().whole(1)).isEqualTo(sound);
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> store().whole(2))
        .withMessageEndingWith("step-000002: does not exist");
    Files.delete(sound.path().resolve("policy/weights"));
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> store().whole(1))
        .withMessageEndingWith("step-000001: is damaged: policy/weights is missing");
  }

  /** A folder in the place of a file can be opened but not read, as a bad sector. */
  @Test
  void what_cannot_be_read_is_an_error_and_not_damaged() throws IOException {
    write(1);
    Checkpoint unreadable = write(2);
    Files.delete(unreadable.path().resolve("manifest.json"));
    Files.createDirectory(unreadable.path().resolve("manifest.json"));
    for (ThrowingCallable use :
        List.<ThrowingCallable>of(
            () -> store().newest(CheckpointStoreTest::ignore),
            () -> store().whole(2),
            () -> store().setAsideAfter(1))) {
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(use)
          .withMessageContainingAll("step-000002: cannot be read", "nothing was changed");
    }
    assertThat(entries()).containsExactly("step-000001", "step-000002");
  }

  @Test
  void what_is_damaged_is_renamed_and_what_is_whole_gives_way() throws IOException {
    for (int time = 0; time < 2; time++) {
      for (long step = 1; step <= 4; step++) {
        write(step);
      }
      Files.delete(store().folder().resolve("step-000003/run.json"));
      store().setAsideAfter(2);
    }
    assertThat(entries())
        .containsExactly(
            "step-000001", "step-000002", "step-000003.damaged", "step-000003.damaged-2");
    assertThat(store().folder().resolve("step-000003.damaged/policy/weights")).exists();
  }

  @Test
  void names_that_are_nearly_those_of_checkpoints_do_not_count_as_none() throws IOException {
    for (String name : List.of("step-٠٠٠٠٠٢", "step-000003.damaged", "step-12")) {
      Path other = Files.createDirectories(store().folder().resolve(name));
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(() -> store().newest(CheckpointStoreTest::ignore))
          .withMessageContaining(other + ": is not a valid name of a checkpoint");
      Files.delete(other);
    }
  }

  private record Damage(String told, Deed deed) {
    interface Deed {
      void doTo(Path checkpoint) throws IOException;
    }

    void doTo(Path checkpoint) throws IOException {
      deed.doTo(checkpoint);
    }
  }

  private static void endlessManifest(Path checkpoint) throws IOException {
    Path manifest = checkpoint.resolve("manifest.json");
    Files.delete(manifest);
    Files.createSymbolicLink(manifest, Path.of("/dev/zero"));
  }

  private static List<Damage> damages() {
    return List.of(
        new Damage("weights is missing", it -> Files.delete(it.resolve("policy/weights"))),
        new Damage(
            "5 bytes instead of 6", it -> Files.writeString(it.resolve("policy/weights"), "step ")),
        new Damage(
            "weights has a wrong checksum",
            it -> Files.writeString(it.resolve("policy/weights"), "step 3")),
        new Damage("manifest", it -> Files.delete(it.resolve("manifest.json"))),
        new Damage("manifest", it -> Files.writeString(it.resolve("manifest.json"), "")),
        new Damage("manifest", it -> Files.writeString(it.resolve("manifest.json"), "{}")),
        new Damage("manifest", it -> Files.writeString(it.resolve("manifest.json"), "null")),
        new Damage(
            "manifest", it -> Files.writeString(it.resolve("manifest.json"), "{\"a\":null}")),
        new Damage(
            "checksum",
            it -> Files.writeString(it.resolve("manifest.json"), "{\"run.json\":{\"bytes\":2}}")),
        new Damage("manifest", it -> Files.writeString(it.resolve("manifest.json"), "{\"run.js")),
        new Damage("manifest.json is a pipe or a device", CheckpointStoreTest::endlessManifest));
  }

  @Test
  void a_failure_leaves_no_part_and_the_earlier_ones() throws IOException {
    write(1);
    Checkpoint old = write(2);
    for (Exception failure :
        List.of(
            new IOException("No space left on device"),
            new UncheckedIOException("x", new IOException("No space left on device")))) {
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(() -> failing(failure))
          .withMessageContainingAll("step-000002", "No space left on device", "unchanged");
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> failing(new IllegalStateException("a mistake")));
    assertThat(entries()).containsExactly("step-000001", "step-000002");
    assertThat(store().newest(CheckpointStoreTest::ignore)).contains(old);
  }

  private void failing(Exception failure) {
    store()
        .write(
            2,
            folder -> {
              Files.writeString(folder.resolve("half"), "of it");
              if (failure instanceof IOException e) {
                throw e;
              }
              throw (RuntimeException) failure;
            });
  }

  @Test
  void a_folder_that_cannot_be_made_is_reported() throws IOException {
    Files.writeString(root.resolve("checkpoints"), "a file");
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> write(1))
        .withMessageContaining("step-000001: the checkpoint cannot be written");
  }

  @Test
  void leftovers_are_no_checkpoints_and_are_deleted() throws IOException {
    Checkpoint sound = write(3);
    Path leftover = Files.createDirectory(store().folder().resolve(".step-000004.new-ab"));
    Files.writeString(leftover.resolve("run.json"), "{");
    Files.createDirectory(store().folder().resolve(".step-000002.old-cd"));
    Files.createDirectory(store().folder().resolve("step-4")); // somebody's own
    assertThat(store().steps()).containsExactly(3L);
    assertThat(store().newest(CheckpointStoreTest::ignore)).contains(sound);
    store().deleteLeftovers();
    assertThat(entries()).containsExactly("step-000003", "step-4");
  }

  @Test
  void only_those_to_be_kept_are_kept() throws IOException {
    for (long step = 1; step <= 4; step++) {
      write(step);
    }
    store().keepOnly(Set.of(2L, 4L));
    assertThat(entries()).containsExactly("step-000002", "step-000004");
  }
}
