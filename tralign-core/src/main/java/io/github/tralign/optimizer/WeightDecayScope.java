package io.github.tralign.optimizer;

import java.util.Locale;

/** The parameters to which {@link AdamW#weightDecay()} applies. */
public enum WeightDecayScope {
  /** All. */
  ALL,
  /**
   * Matrices, including embeddings, but not biases and norm weights, as in transformers' {@code
   * Trainer}.
   */
  MATRICES;

  /** The name in lower case, as in {@code matrices}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
