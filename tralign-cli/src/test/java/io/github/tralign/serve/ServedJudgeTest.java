package io.github.tralign.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.row.Message;
import io.github.tralign.judge.JudgePrompt;
import io.github.tralign.judge.client.ChatClient;
import io.github.tralign.judge.client.ChatReply;
import io.github.tralign.judge.client.ChatSettings;
import io.github.tralign.judge.client.Inquiry;
import io.github.tralign.judge.client.JudgeException;
import io.github.tralign.judge.client.JudgeRequest;
import io.github.tralign.judge.client.JudgeServer;
import io.github.tralign.judge.client.ReplyForm;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client of judges speaks with this server too. */
class ServedJudgeTest {

  @TempDir private Path folder;
  private Served served;
  private JudgeServer server;

  @BeforeEach
  void start() {
    served = new Served(folder, Optional.empty());
    URI url = URI.create("http://127.0.0.1:" + served.port() + "/v1");
    server = JudgeServer.of(url, Optional.empty());
  }

  @AfterEach
  void stop() {
    served.close();
  }

  private static ChatSettings settings(ReplyForm form) {
    return new ChatSettings("tiny", OptionalDouble.of(0), 4, false, form);
  }

  @Test
  void a_served_model_judges() throws InterruptedException {
    JudgePrompt prompt = JudgePrompt.named("scores");
    List<JudgeRequest> requests =
        IntStream.range(0, 6)
            .mapToObj(
                i ->
                    new JudgeRequest(
                        i,
                        0,
                        settings(ReplyForm.TEXT)
                            .body(
                                prompt.filled(
                                    ImmutableMap.of("instruction", "q" + i % 3, "output", "a")))))
            .toList();
    try (Inquiry inquiry = Inquiry.open(folder.resolve("replies"), requests)) {
      inquiry.ask(requests, new ChatClient(server), 3, done -> {});
      for (int i = 0; i < 6; i++) {
        ChatReply reply = inquiry.replies().get(i, 0);
        assertThat(reply.text()).isPresent();
        assertThat(reply.finish()).isEqualTo("length");
        assertThat(reply.completionTokens()).isEqualTo(4);
        assertThat(reply.promptTokens()).isGreaterThan(100);
        assertThat(reply).isEqualTo(inquiry.replies().get((i + 3) % 6, 0));
      }
    }
  }

  @Test
  void what_it_does_not_support_is_rejected_with_its_message() {
    ChatSettings settings = settings(ReplyForm.SCHEMA);
    List<Message> messages = List.of(Message.of("user", "q"));
    List<JudgeRequest> requests =
        List.of(
            new JudgeRequest(
                0, 0, settings.bodyForJson(messages, "scores", settings.body(messages))));
    try (Inquiry inquiry = Inquiry.open(folder.resolve("replies"), requests)) {
      assertThatThrownBy(() -> inquiry.ask(requests, new ChatClient(server), 1, done -> {}))
          .isInstanceOf(JudgeException.class)
          .hasMessageStartingWith("the server rejects all requests: status 400: ")
          .hasMessageContaining("response_format");
    }
  }
}
