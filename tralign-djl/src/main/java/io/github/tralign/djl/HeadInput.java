package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;

/**
 * The two factors of the logits, which are never computed all at once: {@code logits = hidden ·
 * tableᵀ}.
 *
 * @param hidden the hidden states that predict the completion tokens [C, H]
 * @param table the head's weights [V, H]
 */
record HeadInput(NDArray hidden, NDArray table) {

  int vocabularySize() {
    return Math.toIntExact(table.getShape().get(0));
  }
}
