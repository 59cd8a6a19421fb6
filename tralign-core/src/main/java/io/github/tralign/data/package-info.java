/** Preference data: prompts with their completions, as token ids. */
@NullMarked
package io.github.tralign.data;

import org.jspecify.annotations.NullMarked;
