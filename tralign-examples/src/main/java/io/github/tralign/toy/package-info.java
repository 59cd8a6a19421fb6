/** The paper's toy problem. */
@NullMarked
package io.github.tralign.toy;

import org.jspecify.annotations.NullMarked;
