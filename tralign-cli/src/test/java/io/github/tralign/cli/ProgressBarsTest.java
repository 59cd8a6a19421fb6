package io.github.tralign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ProgressBarsTest {

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final ProgressBars bars = new ProgressBars(new PrintStream(shown, true, UTF_8), () -> 60);

  @Test
  void a_task_is_one_line_that_ends_with_the_last_it_was_given() {
    bars.begin("reading", 0);
    for (int row = 1; row <= 100; row++) {
      bars.at(row, "rows");
    }
    bars.end();
    assertThat(onScreen()).isEqualTo("reading: 100 rows" + System.lineSeparator());
  }

  @Test
  void a_task_that_begins_ends_the_one_before() {
    bars.begin("loading", 0);
    bars.begin("training", 4);
    bars.at(4, "done");
    bars.close();
    assertThat(onScreen().lines()).first().isEqualTo("loading");
    assertThat(onScreen().lines()).last().asString().startsWith("training 100% [====");
  }

  @Test
  void a_warning_has_a_line_of_its_own() {
    bars.begin("training", 4);
    bars.warn("skipped");
    bars.end();
    assertThat(onScreen().lines()).hasSize(3).contains("warning: skipped");
  }

  @Test
  void what_was_longer_is_written_over_to_its_end() {
    bars.begin("a long name of a task", 0);
    bars.end();
    bars.begin("training", 0, 3);
    bars.at(3, "a long detail");
    bars.end();
    assertThat(shown.toString(UTF_8)).doesNotContain("\u001b");
    assertThat(onScreen().lines()).allMatch(line -> line.length() < 60);
  }

  /** What a carriage return leaves of each line. */
  private String onScreen() {
    StringBuilder screen = new StringBuilder();
    for (String line : shown.toString(UTF_8).split("(?<=\n)")) {
      String whole = line.stripTrailing();
      int last = whole.lastIndexOf('\r');
      screen.append(whole.substring(last + 1).stripTrailing()).append(System.lineSeparator());
    }
    return screen.toString();
  }
}
