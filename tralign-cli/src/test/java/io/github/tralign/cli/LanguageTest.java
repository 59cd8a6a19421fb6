package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The build runs this with the digits of Egypt and with the letters of Turkey. */
class LanguageTest {

  private static final String FOREIGN = "[\\p{Nd}\u0130\u0131&&[^0-9]]";

  @TempDir private Path folder;

  @Test
  void this_language_writes_numbers_or_letters_of_its_own() {
    Locale here = Locale.getDefault();
    assertThat(String.format(here, "%d", 1) + "i".toUpperCase(here)).isNotEqualTo("1I");
  }

  /** Names of files with numbers, options without regard to case, and what is printed. */
  @Test
  void a_run_is_written_and_resumed_as_in_any_language() throws IOException {
    Path run = folder.resolve("run");
    String[] options =
        "--max-steps 3 --checkpoint-every 1 --keep-last 2 --on-nan skip --precision fp32"
            .split(" ");
    Cli.Outcome outcome = Cli.run(Cli.training("train", run, (Object[]) options));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(entries(run.resolve("checkpoints"))).containsExactly("step-000002", "step-000003");
    Files.delete(run.resolve("summary.json"));
    Cli.Outcome resumed = Cli.run("train", "--resume", "--output", run);
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(resumed.err()).contains("resuming from", "step-000003");
    assertThat(outcome.out() + outcome.err() + resumed.out() + resumed.err())
        .doesNotContainPattern(FOREIGN);
    for (String text : List.of("config.yaml", "metrics.csv", "summary.json", "metrics.jsonl")) {
      assertThat(run.resolve(text)).content().as(text).doesNotContainPattern(FOREIGN);
    }
  }

  private static List<String> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(it -> it.getFileName().toString()).sorted().toList();
    }
  }
}
