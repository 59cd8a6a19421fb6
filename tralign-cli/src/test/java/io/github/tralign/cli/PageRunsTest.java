package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The commands of each page from the first to the last, as a reader types them, in a folder with
 * what the page names. Commands of Maven are parsed by {@link PageCommandsTest}.
 */
class PageRunsTest {

  /** What QuickstartCommandTest and ExamplesTest run. */
  private static final Set<String> ELSEWHERE = Set.of("quickstart", "example");

  /** Pages that take more than two seconds. */
  private static final Set<String> LONG =
      Set.of(
          "command-line.md",
          "frontier.md",
          "generation.md",
          "several-machines.md",
          "smollm2.md",
          "tutorial.md");

  /** Lines from the end of commands to the output right below: a blank one and a fence. */
  private static final int TO_OUTPUT = 3;

  private static final String NOTE = "(not run: |checked by ).+";

  @TempDir private Path folder;

  static Stream<Path> shortPages() {
    return pages().filter(it -> !isLong(it));
  }

  static Stream<Path> longPages() {
    return pages().filter(PageRunsTest::isLong);
  }

  private static Stream<Path> pages() {
    return Pages.all().stream()
        .filter(page -> Pages.blocks(page).stream().anyMatch(it -> !commands(it).isEmpty()));
  }

  private static boolean isLong(Path page) {
    return LONG.contains(page.getFileName().toString());
  }

  @ParameterizedTest
  @MethodSource("shortPages")
  void commands_do_what_the_page_says(Path page) throws Exception {
    run(page);
  }

  @Tag("nightly")
  @ParameterizedTest
  @MethodSource("longPages")
  void commands_that_take_longer_do_what_the_page_says(Path page) throws Exception {
    run(page);
  }

  /** Such as one for {@code ssh}, which only a person or another test can run. */
  @Test
  void a_command_within_another_has_a_note() {
    for (Path page : Pages.all()) {
      for (Pages.Block block : Pages.blocks(page)) {
        if (block.lines().stream().anyMatch(it -> it.matches(".*['\"(].*\\./tralign .*"))) {
          assertThat(block.note()).as(block.place(0)).matches(NOTE);
        }
      }
    }
  }

  private void run(Path page) throws Exception {
    PageFolder.fill(folder);
    String output = "";
    int end = 0; // the line below the commands that wrote it
    try (PageRun run = new PageRun(folder)) {
      for (Pages.Block block : Pages.blocks(page)) {
        if (block.language().isEmpty() && block.line() == end + TO_OUTPUT) {
          for (String line : block.lines()) {
            assertThat(output).as(block.place(0)).contains(fixedPart(line));
          }
        }
        output = run.run(commands(block));
        end = output.isEmpty() ? 0 : block.line() + block.lines().size();
      }
    }
  }

  /** What a line has with any model: up to a number, a gap or a folder of the user. */
  private static String fixedPart(String line) {
    return line.strip().split("\\d|  |…|~", 2)[0].strip();
  }

  /** The commands of a block that run here. */
  private static List<PageCommands.Command> commands(Pages.Block block) {
    if (block.note().matches(NOTE)) {
      return List.of();
    }
    return PageCommands.in(block).stream()
        .filter(it -> it.words().get(0).equals("./tralign"))
        .filter(it -> !ELSEWHERE.contains(it.words().get(1)))
        .toList();
  }
}
