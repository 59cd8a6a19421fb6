package io.github.tralign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.data.ChatTemplate;
import io.github.tralign.data.form.Prompt;
import io.github.tralign.data.row.Message;
import io.github.tralign.djl.DjlModel;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.generate.GenerationConfig;
import io.github.tralign.djl.generate.PromptEncoder;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.generate.Completion;
import io.github.tralign.generate.DecodingSession;
import io.github.tralign.generate.GenerationRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChatLoopTest {

  private static final ChatTemplate TEMPLATE =
      (messages, ask, settings) -> {
        StringBuilder text = new StringBuilder();
        for (Message message : messages) {
          text.append('<').append(message.role()).append('>').append(message.content()).append('$');
        }
        return text.append(ask ? "<assistant>" : "").toString();
      };

  private final CheckpointTokenizer tokenizer = CheckpointTokenizer.load(Cli.LLAMA);
  private final PromptEncoder encoder = new PromptEncoder(tokenizer, Optional.of(TEMPLATE));
  private final DjlModel model = DjlPolicy.from(Cli.LLAMA).threads(1).loadModel();
  private final List<DecodingSession> sessions = new ArrayList<>();
  private GenerationConfig config =
      GenerationConfig.read(Cli.LLAMA).withEndOf(tokenizer).maxNewTokens(10);

  @AfterEach
  void close() {
    sessions.forEach(DecodingSession::close);
    model.close();
    tokenizer.close();
  }

  @Test
  void answers_follow_from_the_whole_conversation_until_it_is_reset() {
    String first = answer("Hello");
    String second = answer("Hello", first, "And you?");
    String out = talk(100, List.of(model("a")), "Hello", "", "And you?", "/reset", "Hello");
    assertThat(answers(out))
        .containsExactly(Printable.of(first), Printable.of(second), Printable.of(first));
    assertThat(out).contains("(a new conversation)").endsWith("> \n");
  }

  @Test
  void a_system_message_begins_every_conversation() {
    ChatModel spoken = model("a", Message.of("system", "Be brief."));
    String expected = text(List.of(Message.of("system", "Be brief."), Message.of("user", "Hi")));
    assertThat(answers(talk(100, List.of(spoken), "Hi", "/reset", "Hi")))
        .containsExactly(Printable.of(expected), Printable.of(expected));
  }

  @Test
  void commands_are_explained_and_unknown_ones_named() {
    String out = talk(100, List.of(model("a")), "/help", "/quit");
    assertThat(out)
        .contains(
            "/reset ", "Ctrl-D   leaves", "unknown command /quit; /help shows the known ones");
  }

  @Test
  void two_models_answer_side_by_side_or_one_below_the_other() {
    String text = answer("Hello");
    String wide = talk(100, List.of(model("a"), model("b")), "Hello");
    assertThat(wide.lines().toList().get(0)).matches("> \\[a\\] +│ \\[b\\]");
    String narrow = talk(60, List.of(model("a"), model("b")), "Hello");
    assertThat(narrow)
        .contains("[a]\n" + Printable.of(text) + "\n", "[b]\n" + Printable.of(text) + "\n");
    assertThat(narrow).containsPattern("\\(b: \\d+ tokens, [0-9.]+ tok/s");
  }

  @Test
  void an_interrupt_stops_the_answer_which_stays_in_the_conversation() {
    config = config.maxNewTokens(400);
    StringBuilder shown = new StringBuilder();
    List<ChatLoop> loops = new ArrayList<>();
    OutputStream screen =
        new OutputStream() {
          @Override
          public void write(int b) {
            shown.append((char) b);
            if (shown.length() == 5) { // within the answer
              loops.get(0).interrupt();
            }
          }
        };
    loops.add(loop(Printer.on(screen), 100, List.of(model("a")), "Hello"));
    loops.get(0).run();
    assertThat(shown.toString()).contains(", stopped)").containsPattern("\\((\\d|1\\d) tokens");
    loops.get(0).interrupt();
    assertThat(shown.toString()).endsWith("(Ctrl-D leaves)\n> ");
  }

  @Test
  void a_conversation_that_is_too_long_can_be_reset() {
    String out = talk(100, List.of(model("a")), "long ".repeat(300), "/reset", "Hello");
    assertThat(out)
        .containsPattern("the conversation has .* tokens; at most 199 leave room for an answer;")
        .contains(Printable.of(answer("Hello")));
  }

  @Test
  void a_message_that_is_not_utf_8_is_reported_and_not_sent() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] input = "caf\u00e9\nH\u00e9 \ud83d\ude00\n".getBytes(UTF_8);
    input[4] = 'x'; // so that the letter's first byte stands alone
    loop(Printer.on(out), 100, List.of(model("a")), input).run();
    assertThat(out.toString(UTF_8))
        .startsWith("> this message is not valid UTF-8 and was not sent\n> ")
        .contains(Printable.of(answer("H\u00e9 \ud83d\ude00")));
  }

  private String answer(String... turns) {
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < turns.length; i++) {
      messages.add(Message.of(i % 2 == 0 ? "user" : Message.ASSISTANT, turns[i]));
    }
    return text(messages);
  }

  /** What the model answers, by other means. */
  private String text(List<Message> messages) {
    GenerationRequest request =
        GenerationRequest.of(
            encoder.encode(Prompt.chat(messages, Map.of(), "test")).toArray(), config.forPrompt(1));
    Completion completion = model.generate(List.of(request)).get(0).get(0);
    int[] tokens = completion.tokens().toArray();
    boolean end = completion.finish() == Completion.Finish.END_TOKEN;
    return tokenizer.decode(end ? Arrays.copyOf(tokens, tokens.length - 1) : tokens);
  }

  private ChatModel model(String name, Message... system) {
    DecodingSession session = model.decode(200);
    sessions.add(session);
    return new ChatModel(name, session, tokenizer, encoder, config, 42, List.of(system));
  }

  private static ChatLoop loop(Printer out, int width, List<ChatModel> models, String... lines) {
    return loop(out, width, models, String.join("\n", lines).getBytes(UTF_8));
  }

  private static ChatLoop loop(Printer out, int width, List<ChatModel> models, byte[] input) {
    return new ChatLoop(new ByteArrayInputStream(input), out, models, () -> width);
  }

  private static String talk(int width, List<ChatModel> models, String... lines) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    loop(Printer.on(out), width, models, lines).run();
    return out.toString(UTF_8);
  }

  /** The texts between the prompt and the note about an answer. */
  private static List<String> answers(String out) {
    List<String> answers = new ArrayList<>();
    for (String part : out.split("\n\\(\\d+ tokens, [^\n]*\\)\n")) {
      if (part.contains("> ")) {
        answers.add(part.substring(part.lastIndexOf("> ") + 2));
      }
    }
    answers.removeIf(it -> it.isBlank());
    return answers;
  }
}
