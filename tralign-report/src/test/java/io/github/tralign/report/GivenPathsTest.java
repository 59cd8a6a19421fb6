package io.github.tralign.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GivenPathsTest {

  @TempDir private Path folder;

  @Test
  void a_file_has_one_name_however_it_was_given() throws IOException {
    Path data = Files.writeString(folder.resolve("data.jsonl"), "").toRealPath();
    Path link = Files.createSymbolicLink(folder.resolve("link.jsonl"), data);
    GivenPaths paths = new GivenPaths(folder.resolve("runs/one"), "runs/one");
    assertThat(paths.normalized("data", "runs/../data.jsonl, " + data + ", " + link))
        .isEqualTo(data + ", " + data + ", " + data);
    assertThat(paths.normalized("data-files.1.path", "./data.jsonl")).isEqualTo(data.toString());
  }

  @Test
  void a_file_that_is_gone_is_compared_by_its_absolute_path() {
    GivenPaths paths = new GivenPaths(folder.resolve("one"), "./one");
    assertThat(paths.normalized("eval-data", "gone/../x.jsonl"))
        .isEqualTo(folder.resolve("x.jsonl").toString());
  }

  @Test
  void without_a_relative_output_paths_start_from_here() {
    String here = Path.of("x.jsonl").toAbsolutePath().toString();
    for (String output : new String[] {"", folder.toString(), "other", "\0"}) {
      assertThat(new GivenPaths(folder, output).normalized("data", "x.jsonl")).isEqualTo(here);
    }
  }

  @Test
  void what_is_no_path_stays() throws IOException {
    Files.createDirectory(folder.resolve("7"));
    GivenPaths paths = new GivenPaths(folder.resolve("one"), "one");
    assertThat(paths.normalized("seed", "7")).isEqualTo("7");
    assertThat(paths.normalized("data", "a\0b")).isEqualTo("a\0b");
  }
}
