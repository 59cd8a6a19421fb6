package io.github.tralign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results that do not arrive. */
class StandardOutputTest {

  @TempDir private Path folder;

  private record Failing(String why) {
    OutputStream stream() {
      return new OutputStream() {
        @Override
        public void write(int b) throws IOException {
          throw new IOException(why);
        }
      };
    }
  }

  private List<Object[]> commands() throws IOException {
    Path run = Files.createDirectories(folder.resolve("run"));
    Files.writeString(run.resolve("metrics.jsonl"), "{\"step\":1,\"loss\":0.5}\n");
    return List.of(
        new Object[] {"--help"},
        new Object[] {"--version"},
        new Object[] {"train", "--help"},
        new Object[] {"data", Cli.ROWS, "--tokenizer", Cli.NEOX},
        new Object[] {"logps", "--policy", Cli.NEOX, "--data", Cli.ROWS, "--output", "-"},
        new Object[] {"evaluate", "--policy", Cli.NEOX, "--data", Cli.ROWS},
        new Object[] {"compare", run, "--output", folder.resolve("page.html")});
  }

  @Test
  void a_full_disk_behind_it_is_a_failure() throws IOException {
    for (Object[] command : commands()) {
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      int code = run(command, new Failing("No space left on device"), err);
      assertThat(code).as(List.of(command).toString()).isEqualTo(1);
      assertThat(err.toString(UTF_8))
          .contains("tralign: the standard output cannot be written: No space left on device");
    }
  }

  @Test
  void a_reader_that_has_enough_ends_a_command_without_a_word() throws IOException {
    for (Object[] command : commands()) {
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      assertThat(run(command, new Failing("Broken pipe"), err)).isEqualTo(141);
      assertThat(err.toString(UTF_8)).doesNotContain("tralign: ");
    }
  }

  private static int run(Object[] command, Failing out, OutputStream err) {
    return Main.run(
        Stream.of(command).map(Object::toString).toArray(String[]::new), out.stream(), err);
  }
}
