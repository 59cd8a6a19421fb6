package io.github.tralign.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.data.form.Prompt;
import java.util.stream.Collectors;

/**
 * A prompt of a file.
 *
 * @param fields the columns of its row, which answer files repeat
 */
record PromptRow(Prompt prompt, ObjectNode fields) {

  /**
   * The prompt for people: its text, that of its only message, or all messages with their roles.
   */
  String shown() {
    if (prompt.messages().size() == 1) {
      return prompt.messages().get(0).content();
    }
    return prompt.isChat()
        ? prompt.messages().stream()
            .map(it -> it.role() + ": " + it.content())
            .collect(Collectors.joining("\n"))
        : prompt.text();
  }
}
