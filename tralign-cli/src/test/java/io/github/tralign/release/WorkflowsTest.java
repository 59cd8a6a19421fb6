package io.github.tralign.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WorkflowsTest {

  /** A tag can be moved to other code, a hash cannot. */
  @Test
  void each_action_is_pinned_by_its_hash_and_names_its_version() throws IOException {
    List<String> actions = lines().map(String::strip).filter(it -> it.contains("uses:")).toList();
    assertThat(actions)
        .hasSizeGreaterThan(10)
        .allMatch(it -> it.matches("(- )?uses: [\\w/-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+"));
  }

  private static Stream<String> lines() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("..", ".github", "workflows"))) {
      StringBuilder all = new StringBuilder();
      for (Path file : files.sorted().toList()) {
        all.append(Files.readString(file)).append('\n');
      }
      return all.toString().lines();
    }
  }
}
