/** Rows of preference data before tokenization: prompts, completions and judgements. */
@NullMarked
package io.github.tralign.data.row;

import org.jspecify.annotations.NullMarked;
