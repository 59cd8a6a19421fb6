package io.github.tralign.data.source;

import com.fasterxml.jackson.databind.node.TextNode;

/**
 * A text of a record that cannot be taken as it stands: an error where it is read, and of no matter
 * in a column that nobody reads. Its value is the text as far as it could be decoded.
 */
public final class InvalidText extends TextNode {

  private static final long serialVersionUID = 1;

  private final InvalidRecordException.Kind kind;
  private final String problem;

  /**
   * A text and what is wrong with it.
   *
   * @param problem goes on behind the field's name: {@code is not valid UTF-8}
   */
  InvalidText(String decoded, InvalidRecordException.Kind kind, String problem) {
    super(decoded);
    this.kind = kind;
    this.problem = problem;
  }

  /** What kind of thing is wrong. */
  public InvalidRecordException.Kind kind() {
    return kind;
  }

  /** What is wrong, to stand behind the field's name. */
  public String problem() {
    return problem;
  }
}
