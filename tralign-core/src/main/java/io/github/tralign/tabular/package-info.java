/** A small engine in plain Java, behind the same seam as the real one. */
@NullMarked
package io.github.tralign.tabular;

import org.jspecify.annotations.NullMarked;
