package io.github.tralign.data.form;

/** Which turns of a conversation are learned in supervised fine-tuning. */
public enum Turns {
  /** The last turn of the assistant: one row. */
  LAST,
  /** Each turn of the assistant, as a separate row whose prompt is everything before it. */
  ALL;

  /** The value on the command line. */
  @Override
  public String toString() {
    return this == LAST ? "last" : "all";
  }
}
