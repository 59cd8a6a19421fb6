package io.github.tralign.djl.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tralign.InvalidInputException;
import io.github.tralign.data.ChatTemplate;
import io.github.tralign.data.Tokenizer;
import io.github.tralign.data.form.Prompt;
import io.github.tralign.data.row.Message;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PromptEncoderTest {

  private static final String ORIGIN = "prompts.jsonl:3";

  /** Writes its special tokens itself, and may trim a message. */
  private record Template(boolean trims) implements ChatTemplate {
    @Override
    public String render(
        List<Message> messages, boolean addGenerationPrompt, Map<String, Object> settings) {
      StringBuilder text = new StringBuilder("^");
      for (Message message : messages) {
        String content = trims ? message.content().strip() : message.content();
        text.append('<').append(message.role()).append('>').append(content).append('$');
      }
      return text.append(addGenerationPrompt ? "<assistant>" : "").toString();
    }
  }

  /** A token is a character; a text begins with {@code ^}. */
  private static final class Characters implements Tokenizer {
    @Override
    public int[] encode(String text) {
      return text.isEmpty() ? new int[0] : ("^" + text).chars().toArray();
    }

    @Override
    public List<int[]> encodeWritten(List<String> texts) {
      return texts.stream().map(it -> it.chars().toArray()).toList();
    }

    @Override
    public String endOfSequence() {
      return "$";
    }

    @Override
    public int vocabularySize() {
      return 1 << 16;
    }
  }

  @Test
  void a_text_gets_the_tokens_that_the_tokenizer_adds() {
    assertThat(encoded(new Template(false), Prompt.text("Hi", ORIGIN))).isEqualTo("^Hi");
  }

  @Test
  void a_conversation_is_answered_with_the_special_tokens_of_its_template_only() {
    assertThat(encoded(new Template(false), chat(Message.of("user", "Hi"))))
        .isEqualTo("^<user>Hi$<assistant>");
  }

  @Test
  void a_last_message_of_the_assistant_is_continued() {
    Prompt prompt = chat(Message.of("user", "Hi"), Message.of("assistant", "Well, "));
    assertThat(encoded(new Template(false), prompt)).isEqualTo("^<user>Hi$<assistant>Well, ");
    assertThat(encoded(new Template(true), prompt)).isEqualTo("^<user>Hi$<assistant>Well,");
  }

  @Test
  void what_cannot_be_encoded_names_its_row() {
    assertThatThrownBy(() -> encoded(new Template(false), Prompt.text("", ORIGIN)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(ORIGIN + ": the prompt has no tokens; expected at least one character");
    assertThatThrownBy(
            () ->
                new PromptEncoder(new Characters(), Optional.empty())
                    .encode(chat(Message.of("user", "Hi"))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(ORIGIN + ": is a conversation, but the model has no chat template");
    ChatTemplate forgetful = (messages, add, settings) -> "^";
    assertThatThrownBy(() -> encoded(forgetful, chat(Message.of("assistant", "Well"))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(ORIGIN + ": the chat template leaves out part of the last message");
  }

  private static Prompt chat(Message... messages) {
    return Prompt.chat(List.of(messages), Map.of(), ORIGIN);
  }

  private static String encoded(ChatTemplate template, Prompt prompt) {
    StringBuilder text = new StringBuilder();
    new PromptEncoder(new Characters(), Optional.of(template))
        .encode(prompt)
        .forEach(text::appendCodePoint);
    return text.toString();
  }
}
