package io.github.tralign.data;

import io.github.tralign.data.row.Message;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Renders a conversation as text. Implemented by engines, like {@link Tokenizer}. */
public interface ChatTemplate {

  /**
   * The conversation as text.
   *
   * @param messages the conversation in order
   * @param addGenerationPrompt whether to append the text that introduces an answer of the
   *     assistant
   * @param settings further variables of the template, such as {@code enable_thinking}
   * @throws InvalidTemplateException if the template rejects this conversation or is invalid; wrong
   *     text is never returned
   */
  String render(List<Message> messages, boolean addGenerationPrompt, Map<String, Object> settings);

  /**
   * Identifies this template: two templates with equal fingerprints render all conversations alike.
   * Empty, the default, if that cannot be guaranteed; then nothing rendered by it is cached.
   */
  default Optional<String> fingerprint() {
    return Optional.empty();
  }
}
