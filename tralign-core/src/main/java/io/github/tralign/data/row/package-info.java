/** Rows of preference data as the forms read them, before a tokenizer sees them. */
@NullMarked
package io.github.tralign.data.row;

import org.jspecify.annotations.NullMarked;
