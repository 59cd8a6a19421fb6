package io.github.tralign.data;

import java.util.Locale;

/**
 * What becomes of a row that is longer than it may be. Completions lose their end; a prompt that
 * alone fills the maximal length leaves no room for a completion, and its row is always dropped.
 */
public enum Truncation {
  /** A prompt that is longer than a prompt may be keeps its beginning. */
  KEEP_START,
  /**
   * A prompt that is longer than a prompt may be keeps its end, what was said last, and the token
   * that begins every text of the model, if there is one.
   */
  KEEP_END,
  /** Nothing is cut: a row that would have to be is dropped and counted. */
  DROP;

  /** The name in lower case, as in {@code keep_end}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
