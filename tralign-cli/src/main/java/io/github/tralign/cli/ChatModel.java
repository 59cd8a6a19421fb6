package io.github.tralign.cli;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.form.Prompt;
import io.github.tralign.data.row.Message;
import io.github.tralign.djl.generate.GeneratedText;
import io.github.tralign.djl.generate.GenerationConfig;
import io.github.tralign.djl.generate.PromptEncoder;
import io.github.tralign.djl.generate.TextGeneration;
import io.github.tralign.djl.generate.TextListener;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.generate.Conversation;
import io.github.tralign.generate.DecodingSession;
import io.github.tralign.generate.GeneratedToken;
import io.github.tralign.generate.GenerationRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A model in a conversation, with its own answers as its history. */
final class ChatModel {

  private static final String USER = "user";

  private final String name;
  private final Conversation conversation;
  private final CheckpointTokenizer tokenizer;
  private final PromptEncoder encoder;
  private final GenerationConfig config;
  private final long seed;
  private final List<Message> system;
  private final List<Message> history = new ArrayList<>();
  private int turn;
  private boolean stopped;
  private @Nullable GeneratedText answer; // the last one

  /**
   * A model at the beginning of a conversation.
   *
   * @param system messages that every conversation begins with
   */
  ChatModel(
      String name,
      DecodingSession session,
      CheckpointTokenizer tokenizer,
      PromptEncoder encoder,
      GenerationConfig config,
      long seed,
      List<Message> system) {
    this.name = name;
    this.conversation = new Conversation(session);
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    this.config = config;
    this.seed = seed;
    this.system = List.copyOf(system);
    history.addAll(system);
  }

  String name() {
    return name;
  }

  /** Begins a new conversation. */
  void reset() {
    history.clear();
    history.addAll(system);
  }

  /**
   * Begins to answer.
   *
   * @param shown takes the parts of the answer's text
   * @throws RuntimeException if the conversation cannot be continued with this message, which is
   *     then forgotten
   */
  void ask(String text, Consumer<String> shown) {
    history.add(Message.of(USER, text));
    answer = null;
    stopped = false;
    try {
      ImmutableIntArray prompt = encoder.encode(Prompt.chat(history, Map.of(), "the conversation"));
      GenerationRequest request =
          new GenerationRequest(prompt, 1, config.forPrompt(prompt.length()), seed, turn++);
      conversation.begin(
          request, new TextGeneration(request, tokenizer, config.stopStrings(), listener(shown)));
    } catch (RuntimeException e) {
      history.remove(history.size() - 1);
      throw e;
    }
  }

  private TextListener listener(Consumer<String> shown) {
    return new TextListener() {
      @Override
      public boolean token(int sample, GeneratedToken token, String text) {
        shown.accept(text);
        return !stopped;
      }

      @Override
      public void finished(int sample, GeneratedText text) {
        shown.accept(text.rest());
        history.add(Message.of(Message.ASSISTANT, text.text()));
        answer = text;
      }
    };
  }

  /**
   * Computes the next token of the answer.
   *
   * @return whether the answer continues
   */
  boolean step() {
    return conversation.step();
  }

  /** Ends the answer with the next token. */
  void stop() {
    stopped = true;
  }

  /** The last answer, if it is complete. */
  @Nullable GeneratedText answer() {
    return answer;
  }
}
