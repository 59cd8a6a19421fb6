package io.github.tralign.djl.generate;

import static java.util.Objects.requireNonNull;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.ChatTemplate;
import io.github.tralign.data.InvalidTemplateException;
import io.github.tralign.data.TokenizationException;
import io.github.tralign.data.Tokenizer;
import io.github.tralign.data.form.Prompt;
import io.github.tralign.data.row.Message;
import java.util.List;
import java.util.Optional;

/**
 * Turns prompts into token ids. A text gets the tokens that the tokenizer adds, such as one that
 * begins a sequence; a conversation is rendered by the chat template, which writes its special
 * tokens itself.
 */
public final class PromptEncoder {

  /** Marks where a message ends in the rendered text, as in transformers. */
  private static final String MARK = "CONTINUE_FINAL_MESSAGE_TAG ";

  private final Tokenizer tokenizer;
  private final Optional<ChatTemplate> template;

  /**
   * Encodes with a model's tokenizer.
   *
   * @param template the model's chat template, if it has one
   */
  public PromptEncoder(Tokenizer tokenizer, Optional<? extends ChatTemplate> template) {
    this.tokenizer = requireNonNull(tokenizer, "tokenizer");
    this.template = requireNonNull(template, "template").map(it -> it);
  }

  /** Whether conversations can be encoded. */
  public boolean hasTemplate() {
    return template.isPresent();
  }

  /**
   * The token ids of a prompt, at least one.
   *
   * @throws InvalidInputException if the prompt has no token, it is a conversation and there is no
   *     template or the template rejects it, or its text cannot be tokenized; the message begins
   *     with the prompt's origin
   */
  public ImmutableIntArray encode(Prompt prompt) {
    requireNonNull(prompt, "prompt");
    int[] ids;
    try {
      ids =
          prompt.isChat()
              ? tokenizer.encodeWritten(List.of(render(prompt))).get(0)
              : tokenizer.encode(prompt.text());
    } catch (InvalidTemplateException | TokenizationException e) {
      throw new InvalidInputException(prompt.origin() + ": " + e.getMessage(), e);
    }
    if (ids.length == 0) {
      throw new InvalidInputException(
          prompt.origin() + ": the prompt has no tokens; expected at least one character");
    }
    return ImmutableIntArray.copyOf(ids);
  }

  /** The text of a conversation, up to where the answer begins or continues. */
  private String render(Prompt prompt) {
    ChatTemplate renderer =
        template.orElseThrow(
            () ->
                new InvalidInputException(
                    prompt.origin()
                        + ": is a conversation, but the model has no chat template; give one with"
                        + " --chat-template, or prompts that are texts"));
    Message last = prompt.messages().get(prompt.messages().size() - 1);
    return last.isAssistant()
        ? continued(renderer, prompt, last)
        : renderer.render(prompt.messages(), true, prompt.settings());
  }

  private static String continued(ChatTemplate renderer, Prompt prompt, Message last) {
    List<Message> marked =
        ImmutableList.<Message>builder()
            .addAll(prompt.messages().subList(0, prompt.messages().size() - 1))
            .add(new Message(last.role(), last.content() + MARK, last.fields()))
            .build();
    String text = renderer.render(marked, false, prompt.settings());
    int end = text.lastIndexOf(MARK.strip());
    if (end < 0 || !text.contains(last.content().strip())) {
      throw new InvalidTemplateException(
          "the chat template leaves out part of the last message, so it cannot be continued");
    }
    String before = text.substring(0, end);
    return text.startsWith(MARK, end) ? before : CharMatcher.whitespace().trimTrailingFrom(before);
  }
}
