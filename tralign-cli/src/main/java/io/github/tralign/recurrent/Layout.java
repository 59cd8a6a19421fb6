package io.github.tralign.recurrent;

import com.google.common.collect.ImmutableList;
import io.github.tralign.tabular.VectorPart;

/**
 * The offsets of a recurrent language model's parameters in one vector. The rows of the gated
 * recurrent unit's matrices are those of its gates in the order reset, update, candidate.
 *
 * @param vocabulary V, number of token ids, ≥ 1
 * @param hidden H, size of the state, ≥ 1
 */
record Layout(int vocabulary, int hidden) {

  Layout {
    if (vocabulary < 1 || hidden < 1) {
      throw new IllegalArgumentException(
          "vocabulary and hidden size must be at least 1, not " + vocabulary + " and " + hidden);
    }
  }

  /** Offset of the head, from state to logits: {@code [V, H]}. */
  int head() {
    return 0;
  }

  /** Offset of the head's bias: {@code [V]}. */
  int headBias() {
    return vocabulary * hidden;
  }

  /**
   * Offset of what each token adds to the gates: {@code [V, 3H]}. A row combines embedding, input
   * matrix and bias.
   */
  int input() {
    return headBias() + vocabulary;
  }

  /** Offset of the recurrent matrix, from previous state to gates: {@code [3H, H]}. */
  int recurrent() {
    return input() + vocabulary * 3 * hidden;
  }

  /** The number of weights. */
  int size() {
    return recurrent() + 3 * hidden * hidden;
  }

  /** The parameters, in the order of their offsets and of their names. */
  ImmutableList<VectorPart> parts() {
    return ImmutableList.of(
        new VectorPart("head", head(), headBias(), true),
        new VectorPart("head.bias", headBias(), input(), false),
        new VectorPart("input", input(), recurrent(), true),
        new VectorPart("recurrent", recurrent(), size(), true));
  }
}
