package io.github.tralign.data;

import io.github.tralign.data.row.Message;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a model writes a conversation as text; an engine brings it, as it brings the tokenizer. */
public interface ChatTemplate {

  /**
   * The conversation as text.
   *
   * @param messages the conversation, its beginning first
   * @param addGenerationPrompt whether the text ends with what stands before an answer of the
   *     assistant, so that the answer follows it
   * @param settings what else the template reads, such as {@code enable_thinking}
   * @throws InvalidTemplateException if the template does not take this conversation, or is at
   *     fault; never is wrong text returned
   */
  String render(List<Message> messages, boolean addGenerationPrompt, Map<String, Object> settings);

  /**
   * What tells this template from others: equal only for templates that write all conversations
   * alike. Empty, as by default, for one of which that cannot be told; its texts are not cached.
   */
  default Optional<String> fingerprint() {
    return Optional.empty();
  }
}
