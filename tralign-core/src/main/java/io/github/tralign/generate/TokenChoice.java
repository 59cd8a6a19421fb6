package io.github.tralign.generate;

import java.util.function.DoubleSupplier;

/** Chooses the next token as {@link Sampling} says, in transformers' order. */
final class TokenChoice {

  private TokenChoice() {}

  /**
   * The next token.
   *
   * @param logits of the whole vocabulary; not changed
   * @param history the tokens before
   * @param uniform a random number in [0, 1); not called for a greedy choice
   * @throws IllegalStateException if a logit is NaN or +∞, or no token is left to choose
   */
  static int of(Sampling sampling, float[] logits, History history, DoubleSupplier uniform) {
    float[] penalized = Penalties.apply(sampling, logits, history);
    int best = largest(penalized);
    return sampling.isGreedy()
        ? best
        : candidates(sampling, penalized, penalized[best]).draw(uniform.getAsDouble());
  }

  /** The tokens that a draw can give. */
  static Candidates candidates(Sampling sampling, float[] logits, float max) {
    return new Candidates(logits, max, sampling.temperature(), sampling.topK())
        .topP(sampling.topP())
        .minP(sampling.minP());
  }

  /** The index of the largest, the first of equal ones. */
  static int largest(float[] logits) {
    int best = 0;
    for (int id = 0; id < logits.length; id++) {
      if (!(logits[id] < Float.POSITIVE_INFINITY)) {
        throw new IllegalStateException(
            "the logit of token "
                + id
                + " is "
                + logits[id]
                + "; the model's weights or activations are not finite");
      }
      if (logits[id] > logits[best]) {
        best = id;
      }
    }
    // Filters keep the largest, but all can be excluded before: by n-grams in a small vocabulary.
    if (logits[best] == Float.NEGATIVE_INFINITY) {
      throw new IllegalStateException(
          "no token is left to choose: noRepeatNgramSize and minNewTokens exclude all "
              + logits.length);
    }
    return best;
  }
}
