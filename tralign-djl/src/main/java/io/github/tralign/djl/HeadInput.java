package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;

/**
 * What the head multiplies to logits, which never exist as a whole.
 *
 * @param hidden the states that predict the tokens, [C, H]
 * @param table the head's weights, [V, H]
 */
record HeadInput(NDArray hidden, NDArray table) {

  int vocabularySize() {
    return Math.toIntExact(table.getShape().get(0));
  }
}
