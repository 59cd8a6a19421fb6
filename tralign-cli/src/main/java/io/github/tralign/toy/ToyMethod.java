package io.github.tralign.toy;

import io.github.tralign.reference.ReferencePolicy;

/**
 * A loss with a reference rule.
 *
 * @param title the title, such as {@code TR-DPO soft}
 * @param rule updates the reference
 */
record ToyMethod(String title, ReferencePolicy rule) {}
