package io.github.tralign.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardedMainTest {

  @TempDir private Path folder;

  @Test
  void a_process_ends_when_its_standard_input_does() throws Exception {
    WorkerCommand command =
        RankProgram.command(folder, "0", "hang")
            .plus(List.of("--rank", "0", "--world", "2", "--meet", "127.0.0.1:0"))
            .plus(List.of("--meet-file", folder.resolve("meet").toString()));
    Process process = command.process().start();
    assertThat(process.inputReader().readLine()).isEqualTo("begins at step 1");

    process.getOutputStream().close(); // as when the parent dies

    assertThat(process.waitFor()).isEqualTo(143);
  }

  @Test
  void variables_of_the_allocator_are_set_unless_they_are_given() {
    ProcessBuilder process =
        WorkerCommand.of(List.of("program"), List.of("a"))
            .environment("MALLOC_ARENA_MAX", "2")
            .process();

    assertThat(process.command()).containsExactly("program", "a");
    assertThat(process.environment())
        .containsEntry("MALLOC_ARENA_MAX", "2")
        .containsEntry("THP_MEM_ALLOC_ENABLE", "1");
  }
}
