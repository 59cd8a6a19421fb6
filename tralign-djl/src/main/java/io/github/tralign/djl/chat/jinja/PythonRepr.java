package io.github.tralign.djl.chat.jinja;

import java.util.HexFormat;

/** Writes strings as Python's {@code repr} does. */
final class PythonRepr {

  private static final HexFormat HEX = HexFormat.of();

  private PythonRepr() {}

  static String of(String text, Budget budget) {
    budget.charge(text.length());
    StringBuilder to = new StringBuilder();
    char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
    to.append(quote);
    text.codePoints().forEach(codePoint -> append(codePoint, quote, to));
    return to.append(quote).toString();
  }

  private static void append(int codePoint, char quote, StringBuilder to) {
    if (codePoint == quote || codePoint == '\\') {
      to.append('\\').append((char) codePoint);
    } else if (codePoint == '\n') {
      to.append("\\n");
    } else if (codePoint == '\r') {
      to.append("\\r");
    } else if (codePoint == '\t') {
      to.append("\\t");
    } else if (isPrintable(codePoint)) {
      to.appendCodePoint(codePoint);
    } else if (codePoint < 0x100) {
      to.append("\\x").append(HEX.toHexDigits(codePoint, 2));
    } else if (codePoint < 0x10000) {
      to.append("\\u").append(HEX.toHexDigits(codePoint, 4));
    } else {
      to.append("\\U").append(HEX.toHexDigits(codePoint, 8));
    }
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> codePoint == ' ';
      default -> true;
    };
  }
}
