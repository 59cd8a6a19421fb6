package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;

/**
 * What the logits are computed from, which never exist all at once: {@code logits = hidden ·
 * tableᵀ}.
 *
 * @param hidden the hidden states that predict the completion tokens [C, H]
 * @param table the head's weights [V, H]
 * @param cap c in c·tanh(z/c), which is applied to the logits z; 0 for none
 */
record HeadInput(NDArray hidden, NDArray table, double cap) {

  int vocabularySize() {
    return Math.toIntExact(table.getShape().get(0));
  }
}
