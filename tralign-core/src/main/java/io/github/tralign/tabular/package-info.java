/** A small engine in plain Java, for toy problems and tests. */
@NullMarked
package io.github.tralign.tabular;

import org.jspecify.annotations.NullMarked;
