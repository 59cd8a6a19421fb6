package io.github.tralign.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.data.form.Prompt;

/**
 * A prompt of a file.
 *
 * @param fields the columns of its row, which answer files repeat
 */
record PromptRow(Prompt prompt, ObjectNode fields) {}
