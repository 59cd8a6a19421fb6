package io.github.tralign.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Facts of machines that are folders. */
class DoctorTest {

  @TempDir private Path root;

  private SystemFile with(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text + "\n");
    return new SystemFile(root);
  }

  @Test
  void limits_of_a_control_group_are_found_in_both_versions() throws IOException {
    SystemFile files = with("proc/self/cgroup", "0::/user/job");
    assertThat(files.limit("memory.max", "memory/memory.limit_in_bytes")).isEmpty();
    with("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
    assertThat(files.limit("memory.max", "memory/memory.limit_in_bytes")).isEmpty();
    with("sys/fs/cgroup/memory/memory.limit_in_bytes", "3000");
    assertThat(files.limit("memory.max", "memory/memory.limit_in_bytes")).hasValue("3000");
    with("sys/fs/cgroup/user/job/memory.max", "max");
    with("sys/fs/cgroup/memory.max", "2000");
    assertThat(files.limit("memory.max", "memory/memory.limit_in_bytes")).hasValue("2000");
    with("sys/fs/cgroup/user/job/memory.max", "1000");
    assertThat(files.limit("memory.max", "memory/memory.limit_in_bytes")).hasValue("1000");
    assertThat(ProcessorFacts.quota(with("sys/fs/cgroup/cpu.max", "150000 100000")))
        .hasValue("1.5");
    assertThat(ProcessorFacts.quota(with("sys/fs/cgroup/cpu.max", "max 100000"))).isEmpty();
  }

  @Test
  void too_little_memory_is_a_problem() throws IOException {
    Diagnosis diagnosis = new Diagnosis(line -> {});
    MemoryFacts.addTo(
        diagnosis, with("proc/meminfo", "MemTotal: 900000 kB\nMemAvailable: 800000 kB"));
    assertThat(diagnosis.isUsable()).isFalse();
    assertThat(diagnosis.values().get("problems").toString())
        .contains("only 0.8 GiB of memory can be used; the smallest model needs 1.0 GiB");
  }

  @Test
  void gpus_have_the_names_that_the_driver_gives_them() throws IOException {
    assertThat(GpuFacts.gpus(new SystemFile(root))).isEmpty();
    SystemFile files =
        with("proc/driver/nvidia/gpus/0000:01/information", "Model: \t NVIDIA H200\nIRQ: 1");
    assertThat(GpuFacts.gpus(files)).containsExactly("NVIDIA H200");
  }

  @Test
  void a_system_without_glibc_is_recognized() throws IOException {
    assertThat(SoftwareFacts.isForGlibc(root)).isTrue();
    with("ld-musl-x86_64.so.1", "");
    assertThat(SoftwareFacts.isForGlibc(root)).isFalse();
  }

  @Test
  void a_folder_that_is_not_there_can_be_written_if_it_can_be_made() throws IOException {
    assertThat(FolderFacts.isWritable(root.resolve("a/b"))).isTrue();
    assertThat(FolderFacts.state(root.resolve("a/b")))
        .contains(", not there yet, can be written, ");
    with("file", "");
    assertThat(FolderFacts.isWritable(root.resolve("file/b"))).isFalse();
  }

  @Test
  void the_home_folder_is_not_shown_and_problems_come_last() {
    List<String> shown = new ArrayList<>();
    Diagnosis diagnosis = new Diagnosis(shown::add);
    diagnosis.section("Folders");
    diagnosis.fact("cache", System.getProperty("user.home") + "/cache");
    diagnosis.problem("bad");
    diagnosis.note("odd");
    diagnosis.section("Other");
    diagnosis.conclude();
    assertThat(shown)
        .containsExactly(
            "Folders",
            "  cache              ~/cache",
            "",
            "Other",
            "",
            "problem: bad",
            "note: odd",
            "tralign does not work here.");
    assertThat(diagnosis.values())
        .containsEntry("Folders", Map.of("cache", "~/cache"))
        .containsEntry("usable", false);
  }

  @Test
  void what_a_failure_says_is_said_once() {
    RuntimeException lost = new IllegalStateException("no library", new IOException("odd"));
    assertThat(ComputationFacts.reason(lost)).isEqualTo("no library: odd");
    assertThat(ComputationFacts.reason(new IllegalStateException("a: odd", lost)))
        .isEqualTo("a: odd: no library");
    assertThat(ComputationFacts.reason(new UncheckedIOException("f: full", new IOException("x"))))
        .isEqualTo("f: full");
  }

  @Test
  void a_folder_counts_as_empty_until_something_is_unpacked_there() throws IOException {
    assertThat(FolderFacts.isEmpty(root.resolve("natives"))).isTrue();
    Files.createDirectories(root.resolve("natives"));
    assertThat(FolderFacts.isEmpty(root.resolve("natives"))).isTrue();
    with("natives/version", "");
    assertThat(FolderFacts.isEmpty(root.resolve("natives"))).isFalse();
  }
}
