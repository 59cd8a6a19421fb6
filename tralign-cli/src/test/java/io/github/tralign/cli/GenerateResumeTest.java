package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.file.PartialFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateResumeTest {

  private static final int PROMPTS = 60;
  private static final long DEADLINE_SECONDS = 120;

  @TempDir private Path folder;

  private Path prompts;
  private Path output;
  private Path partial;

  @BeforeEach
  void prepare() throws IOException {
    prompts = folder.resolve("prompts.txt");
    output = folder.resolve("out.jsonl");
    partial = folder.resolve("out.jsonl.partial");
    Files.writeString(
        prompts,
        IntStream.range(0, PROMPTS)
            .mapToObj(i -> "The cat number " + i + "\n")
            .collect(Collectors.joining()));
  }

  @Test
  void a_command_that_was_killed_is_resumed_without_loss() throws Exception {
    Path whole = folder.resolve("whole.jsonl");
    Cli.Outcome outcome = Cli.run(command(whole, 1.0));
    assertThat(outcome.code()).as(outcome.err()).isZero();

    Process process = Cli.start(folder, command(output, 1.0));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (lines(partial) < 5 && process.isAlive() && System.nanoTime() < deadline) {
      Thread.sleep(1);
    }
    process.destroyForcibly().waitFor();
    assertThat(output).as("the process was killed before its end").doesNotExist();
    long rows = lines(partial) - 1;
    assertThat(rows).isGreaterThanOrEqualTo(4);
    tear(partial);

    Cli.Outcome other = Cli.run(command(output, 0.5));
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains(partial + ": has rows of a command with another model");

    Cli.Outcome resumed = Cli.run(command(output, 1.0));
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.err()).contains("resuming: ").contains("of " + 2 * PROMPTS + " are there");
    assertThat(output).hasSameBinaryContentAs(whole);
    assertThat(partial).doesNotExist();
  }

  /** Leaves half of the last line, as a machine that loses power may. */
  private static void tear(Path file) throws IOException {
    String text = Files.readString(file);
    int last = text.lastIndexOf('\n', text.length() - 2);
    Files.writeString(file, text.substring(0, last + 1 + new Random(3).nextInt(1, 20)));
  }

  @Test
  void a_damaged_file_is_not_resumed() throws IOException {
    Files.writeString(partial, "{\"rows-of\n");
    Cli.Outcome outcome = Cli.run(command(output, 1.0));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(partial + ": is damaged; delete it to begin again");
  }

  @Test
  void a_foreign_file_without_a_whole_line_is_left_alone() throws IOException {
    Files.writeString(partial, "my notes");
    Cli.Outcome outcome = Cli.run(command(output, 1.0));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(partial + ": is damaged; delete it to begin again");
    assertThat(partial).hasContent("my notes");
  }

  @Test
  void another_process_and_this_one_are_kept_out_while_the_file_is_open() throws Exception {
    PartialFile.open(partial, "us").close();
    Files.writeString(partial, Files.readString(partial).substring(0, 5)); // torn
    try (PartialFile ours = PartialFile.open(partial, "us")) {
      assertThatThrownBy(() -> PartialFile.open(partial, "us"))
          .hasMessageContaining("another process is writing this file");
      Cli.Outcome other = Cli.process(folder, command(output, 1.0));
      assertThat(other.code()).as(other.err()).isEqualTo(2);
      assertThat(other.err()).contains("another process is writing this file");
      assertThat(ours.size()).isZero();
    }
    PartialFile.open(partial, "us").close();
  }

  private static long lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file).chars().filter(it -> it == '\n').count() : 0;
  }

  private Object[] command(Path to, double temperature) {
    return new Object[] {
      "generate",
      "--policy",
      Cli.LLAMA,
      "--prompts",
      prompts,
      "--output",
      to,
      "--samples",
      2,
      "--temperature",
      temperature,
      "--max-new-tokens",
      60,
      "--threads",
      1,
      "--cache-tokens",
      160
    };
  }
}
