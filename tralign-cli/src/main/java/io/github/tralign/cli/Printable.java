package io.github.tralign.cli;

import java.util.Locale;

/** Text that can do nothing to a terminal but be read. */
final class Printable {

  private static final int JOINER = 0x200D;
  private static final int EMOJI_STYLE = 0xFE0F;
  private static final int LIGHTEST_SKIN = 0x1F3FB;
  private static final int DARKEST_SKIN = 0x1F3FF;

  private Printable() {}

  /**
   * The text with its invisible characters written out, as in {@code \u001b}: control characters
   * but for line ends and tabs, what formats or turns text around, and halves of surrogate pairs. A
   * joiner after an emoji stays: it joins the next one to it.
   */
  static String of(String text) {
    return after("", text);
  }

  /** The same for a text that follows another on the screen. */
  static String after(String shown, String text) {
    if (text.codePoints().noneMatch(Printable::isInvisible)) {
      return text;
    }
    StringBuilder printable = new StringBuilder(text.length());
    int before = last(shown);
    for (int c : text.codePoints().toArray()) {
      if (!isInvisible(c) || c == JOINER && isEmoji(before)) {
        printable.appendCodePoint(c);
      } else {
        printable.append(String.format(Locale.ROOT, "\\u%04x", c));
      }
      before = c;
    }
    return printable.toString();
  }

  private static int last(CharSequence text) {
    return text.isEmpty() ? 0 : Character.codePointBefore(text, text.length());
  }

  /** A symbol, with the selector or the colour of skin that may follow it. */
  private static boolean isEmoji(int c) {
    return Character.getType(c) == Character.OTHER_SYMBOL
        || c == EMOJI_STYLE
        || c >= LIGHTEST_SKIN && c <= DARKEST_SKIN;
  }

  /** The same in one line. */
  static String line(String text) {
    return of(text).replace("\n", "\\n").replace("\t", "\\t");
  }

  /** A message that may quote names: none of them begins a line that could pass for another's. */
  static String message(String text) {
    return text.stripTrailing().replace("\n", "\n  ");
  }

  private static boolean isInvisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> c != '\n' && c != '\t';
      case Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
