/** Text to tokens: the tokenizer and the chat template of a Hugging Face checkpoint folder. */
@NullMarked
package io.github.tralign.djl.tokenizer;

import org.jspecify.annotations.NullMarked;
