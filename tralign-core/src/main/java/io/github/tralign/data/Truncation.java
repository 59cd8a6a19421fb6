package io.github.tralign.data;

import java.util.Locale;

/**
 * How a row that is too long is truncated. Completions are truncated at their end. A row whose
 * prompt alone fills the maximum length is always dropped, since no completion token would fit.
 */
public enum Truncation {
  /** A prompt that is too long keeps its beginning. */
  KEEP_START,
  /**
   * A prompt that is too long keeps its end, and the token that begins every text of the model, if
   * there is one.
   */
  KEEP_END,
  /** Nothing is truncated: a row that is too long is dropped and counted. */
  DROP;

  /** The name in lower case, as in {@code keep_end}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
