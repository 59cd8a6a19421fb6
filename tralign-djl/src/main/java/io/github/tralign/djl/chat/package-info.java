/**
 * The chat template of a Hugging Face checkpoint folder: from messages to the text that the model
 * reads.
 */
@NullMarked
package io.github.tralign.djl.chat;

import org.jspecify.annotations.NullMarked;
