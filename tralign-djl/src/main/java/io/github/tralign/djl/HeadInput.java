package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;

/**
 * The logits of each completion token, as what they are the product of: they never exist as a
 * whole.
 *
 * @param hidden the states that predict the tokens, [C, H]
 * @param table the head's weights, [V, H]
 */
record HeadInput(NDArray hidden, NDArray table) {}
