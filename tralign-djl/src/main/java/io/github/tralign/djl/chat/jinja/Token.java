package io.github.tralign.djl.chat.jinja;

/**
 * A piece of a template.
 *
 * @param text the text of {@link Kind#DATA}, the value of a text literal, else as it is written
 * @param line from 1
 */
record Token(Kind kind, String text, int line) {

  enum Kind {
    DATA,
    PRINT_BEGIN,
    PRINT_END,
    TAG_BEGIN,
    TAG_END,
    NAME,
    TEXT,
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
      case TEXT -> "the text '" + text + "'";
      default -> "'" + text + "'";
    };
  }
}
