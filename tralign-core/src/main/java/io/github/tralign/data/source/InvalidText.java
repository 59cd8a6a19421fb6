package io.github.tralign.data.source;

import com.fasterxml.jackson.databind.node.TextNode;

/**
 * An invalid text of a record: an error if it is used, but ignored in a column that is not read.
 * Its value is the text as far as it could be decoded.
 */
public final class InvalidText extends TextNode {

  private static final long serialVersionUID = 1;

  private final InvalidRecordException.Kind kind;
  private final String problem;

  /**
   * A text and what is wrong with it.
   *
   * @param problem follows the field's name in messages: {@code is not valid UTF-8}
   */
  InvalidText(String decoded, InvalidRecordException.Kind kind, String problem) {
    super(decoded);
    this.kind = kind;
    this.problem = problem;
  }

  /** The kind of error. */
  public InvalidRecordException.Kind kind() {
    return kind;
  }

  /** What is wrong; follows the field's name in messages. */
  public String problem() {
    return problem;
  }
}
