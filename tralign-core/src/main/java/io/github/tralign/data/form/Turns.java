package io.github.tralign.data.form;

/** Which turns of a demonstrated conversation are learned. */
public enum Turns {
  /** The last turn of the assistant: one row. */
  LAST,
  /** Each turn of the assistant: a row each, whose prompt is all that stands before. */
  ALL;

  /** The word on the command line. */
  @Override
  public String toString() {
    return this == LAST ? "last" : "all";
  }
}
