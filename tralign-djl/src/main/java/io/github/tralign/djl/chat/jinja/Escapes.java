package io.github.tralign.djl.chat.jinja;

/** Decodes the escapes of a string literal, as Python's {@code unicode-escape} does. */
final class Escapes {

  private Escapes() {}

  static String decoded(String literal) {
    if (literal.indexOf('\\') < 0) {
      return literal;
    }
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (at < literal.length()) {
      char c = literal.charAt(at++);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char escape =
          literal.charAt(at++); // the lexer never lets a string end with a single backslash
      switch (escape) {
        case '\n' -> {}
        case '\\', '\'', '"' -> text.append(escape);
        case 'n' -> text.append('\n');
        case 't' -> text.append('\t');
        case 'r' -> text.append('\r');
        case 'a' -> text.append('\u0007');
        case 'b' -> text.append('\b');
        case 'f' -> text.append('\f');
        case 'v' -> text.append('\u000b');
        case 'x' -> at = hex(literal, at, 2, text);
        case 'u' -> at = hex(literal, at, 4, text);
        case 'U' -> at = hex(literal, at, 8, text);
        case 'N', '0', '1', '2', '3', '4', '5', '6', '7' ->
            throw JinjaException.unsupported("the escape '\\" + escape + "'");
        default -> text.append('\\').append(escape);
      }
    }
    return text.toString();
  }

  private static int hex(String literal, int from, int digits, StringBuilder to) {
    try {
      to.appendCodePoint(Integer.parseUnsignedInt(literal.substring(from, from + digits), 16));
      return from + digits;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new JinjaException("an escape in a string literal is incomplete");
    }
  }
}
