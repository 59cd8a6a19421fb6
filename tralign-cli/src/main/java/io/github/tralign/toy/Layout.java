package io.github.tralign.toy;

import com.google.common.collect.ImmutableList;
import io.github.tralign.tabular.VectorPart;

/**
 * Where each parameter of a recurrent language model lies in the one vector of its weights. A gated
 * recurrent unit has three gates: reset, update, candidate, one after the other in its matrices.
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

  /** From state to logits: {@code [V, H]}. */
  int head() {
    return 0;
  }

  /** {@code [V]}. */
  int headBias() {
    return vocabulary * hidden;
  }

  /** What a token adds to the gates: {@code [V, 3H]}. Its row is embedding, matrix and bias. */
  int input() {
    return headBias() + vocabulary;
  }

  /** What the state before adds to the gates: {@code [3H, H]}. */
  int recurrent() {
    return input() + vocabulary * 3 * hidden;
  }

  /** Number of all weights. */
  int size() {
    return recurrent() + 3 * hidden * hidden;
  }

  /** The parameters in their order, which is that of their names. */
  ImmutableList<VectorPart> parts() {
    return ImmutableList.of(
        new VectorPart("head", head(), headBias(), true),
        new VectorPart("head.bias", headBias(), input(), false),
        new VectorPart("input", input(), recurrent(), true),
        new VectorPart("recurrent", recurrent(), size(), true));
  }
}
