package io.github.tralign.cli;

import java.util.Locale;

/** Text that can do nothing to a terminal but be read. */
final class Printable {

  private Printable() {}

  /**
   * The text with its invisible characters written out, as in {@code \u001b}: control characters
   * but for line ends and tabs, what formats or turns text around, and halves of surrogate pairs.
   */
  static String of(String text) {
    if (text.codePoints().allMatch(Printable::isHarmless)) {
      return text;
    }
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isHarmless(c)) {
                printable.appendCodePoint(c);
              } else {
                printable.append(String.format(Locale.ROOT, "\\u%04x", c));
              }
            });
    return printable.toString();
  }

  /** The same in one line. */
  static String line(String text) {
    return of(text).replace("\n", "\\n").replace("\t", "\\t");
  }

  /** A message that may quote names: none of them begins a line that could pass for another's. */
  static String message(String text) {
    return text.stripTrailing().replace("\n", "\n  ");
  }

  private static boolean isHarmless(int c) {
    return c == '\n' || c == '\t' || !isInvisible(c);
  }

  private static boolean isInvisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
