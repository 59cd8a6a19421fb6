package io.github.tralign.djl.chat.jinja;

/**
 * A token of a template.
 *
 * @param text the value of a {@link Kind#STRING} literal, else the token as written
 * @param line the line, from 1
 */
record Token(Kind kind, String text, int line) {

  enum Kind {
    DATA,
    PRINT_BEGIN,
    PRINT_END,
    TAG_BEGIN,
    TAG_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(Kind of, String as) {
    return kind == of && text.equals(as);
  }

  boolean isOperator(String as) {
    return is(Kind.OPERATOR, as);
  }

  boolean isName(String as) {
    return is(Kind.NAME, as);
  }

  @Override
  public String toString() {
    return switch (kind) {
      case END -> "the template's end";
      case PRINT_END -> "'}}'";
      case TAG_END -> "'%}'";
      case STRING -> "the string '" + text + "'";
      default -> "'" + text + "'";
    };
  }
}
