package io.github.tralign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.data.Example;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowPrinterTest {

  private static final double READABLE = 4; // the contrast asked of large text is 3, of small 4.5

  @Test
  void prompt_and_completions_are_in_colours_of_their_own() {
    assertThat(printed(true))
        .containsSubsequence(
            "prompt, 2 tokens:",
            "\u001b[38;5;31m",
            "\u001b[39m",
            "chosen, 1 token:",
            "\u001b[38;5;28m",
            "\u001b[39m",
            "rejected, 2 tokens:",
            "\u001b[38;5;161m",
            "\u001b[39m");
  }

  @Test
  void without_colours_there_is_no_escape() {
    assertThat(printed(false)).contains("prompt, 2 tokens:").doesNotContain("\u001b");
  }

  @ParameterizedTest
  @ValueSource(ints = {RowPrinter.PROMPT, RowPrinter.WANTED, RowPrinter.UNWANTED})
  void the_colours_can_be_read_on_white_and_on_black(int colour) {
    double luminance = luminance(colour);
    assertThat((1 + 0.05) / (luminance + 0.05)).as("on white").isGreaterThan(READABLE);
    assertThat((luminance + 0.05) / 0.05).as("on black").isGreaterThan(READABLE);
  }

  /** Of a colour of the cube among a terminal's 256, as WCAG 2 defines it. */
  private static double luminance(int colour) {
    int[] levels = {0, 95, 135, 175, 215, 255};
    int cube = colour - 16;
    return 0.2126 * linear(levels[cube / 36])
        + 0.7152 * linear(levels[cube / 6 % 6])
        + 0.0722 * linear(levels[cube % 6]);
  }

  private static double linear(int level) {
    double share = level / 255.0;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }

  private static String printed(boolean colours) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TokenText text = TokenText.of(Cli.NEOX)) {
      new RowPrinter(text, false, new PrintStream(out, true, UTF_8), colours)
          .print(Example.pair(new int[] {40, 41}, new int[] {42}, new int[] {43, 44}));
    }
    return out.toString(UTF_8);
  }
}
