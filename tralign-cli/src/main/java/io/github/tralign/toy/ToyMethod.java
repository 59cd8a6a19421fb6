package io.github.tralign.toy;

import io.github.tralign.reference.ReferencePolicy;

/**
 * A loss with one way for the reference to move.
 *
 * @param title such as {@code TR-DPO soft}
 * @param rule how the reference moves
 */
record ToyMethod(String title, ReferencePolicy rule) {}
