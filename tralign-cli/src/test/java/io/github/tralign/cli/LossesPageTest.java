package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@code docs/losses.md} says of each loss is what the command line does. */
class LossesPageTest {

  private static final Path PAGE = Path.of("../docs/losses.md");

  @Test
  void the_page_lists_every_loss_with_its_defaults_and_no_other() throws IOException {
    List<String> rows =
        Files.readAllLines(PAGE).stream().filter(line -> line.contains("| `TR.")).toList();
    assertThat(rows.stream().map(row -> row.split("`")[1]))
        .containsExactlyElementsOf(
            Arrays.stream(LossKind.values()).map(LossKind::toString).toList());
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i)).contains("| " + defaults(LossKind.values()[i]) + " |");
    }
  }

  private static String defaults(LossKind kind) {
    String told =
        kind.defaults.entrySet().stream()
            .map(it -> it.getKey().substring(2) + " " + plain(it.getValue()))
            .collect(Collectors.joining(", "));
    return told.isEmpty() ? "none" : told;
  }

  private static String plain(Object value) {
    return value.toString().toLowerCase(Locale.ROOT).replaceFirst("\\.0$", "");
  }
}
