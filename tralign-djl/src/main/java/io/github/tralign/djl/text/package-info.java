/** Text to tokens: the tokenizer of a Hugging Face checkpoint folder. */
@NullMarked
package io.github.tralign.djl.text;

import org.jspecify.annotations.NullMarked;
