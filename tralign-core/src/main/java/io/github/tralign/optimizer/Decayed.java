package io.github.tralign.optimizer;

import java.util.Locale;

/** Which parameters {@link AdamW#weightDecay()} is for. */
public enum Decayed {
  /** All. */
  ALL,
  /**
   * Those of two dimensions, embeddings among them. What is left out are biases and the gains of
   * norms; transformers' trainer leaves out the same.
   */
  MATRICES;

  /** The name in lower case, as in {@code matrices}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
