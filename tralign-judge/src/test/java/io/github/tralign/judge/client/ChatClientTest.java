package io.github.tralign.judge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Throwables;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.data.row.Message;
import io.github.tralign.judge.ScriptedJudge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatClientTest {

  static final ChatSettings SETTINGS =
      new ChatSettings("judge", OptionalDouble.of(0), 100, false, ReplyForm.SCHEMA);

  private final List<Duration> waits = new ArrayList<>();

  static JudgeRequest request(int index) {
    return new JudgeRequest(
        index, 0, SETTINGS.body(List.of(Message.of("user", "question " + index))));
  }

  private ChatClient client(JudgeServer server) {
    return new ChatClient(server, waits::add);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "429",
        "429 7",
        "500",
        "502",
        "503 3",
        "529",
        "408",
        ScriptedJudge.CUT,
        ScriptedJudge.MALFORMED,
        ScriptedJudge.ENDLESS
      })
  void what_may_pass_is_tried_again(String fault) throws InterruptedException {
    try (ScriptedJudge judge =
        ScriptedJudge.saying(ScriptedJudge::question).failing(fault, fault)) {
      ChatReply reply = client(judge.server(2)).ask(request(0));
      assertThat(reply.text()).contains("question 0");
      assertThat(reply.finish()).isEqualTo("stop");
      assertThat(reply.promptTokens()).isEqualTo(5);
      assertThat(judge.bodies()).hasSize(3);
      int asked = fault.contains(" ") ? Integer.parseInt(fault.split(" ")[1]) : 1;
      assertThat(waits)
          .containsExactly(Duration.ofSeconds(asked), Duration.ofSeconds(Math.max(asked, 2)));
    }
  }

  @Test
  void a_reply_that_never_comes_is_asked_for_again() throws InterruptedException {
    try (ScriptedJudge judge =
        ScriptedJudge.saying(ScriptedJudge::question).failing(ScriptedJudge.SLOW)) {
      JudgeServer server = judge.server(1, Optional.empty(), Duration.ofMillis(300));
      assertThat(client(server).ask(request(0)).text()).contains("question 0");
      assertThat(waits).hasSize(1);
    }
  }

  @Test
  void a_server_that_stays_away_is_given_up_with_the_last_reason() {
    try (ScriptedJudge judge = ScriptedJudge.saying(ScriptedJudge::question)) {
      judge.alwaysFailing("503 1 overloaded");
      assertThatThrownBy(() -> client(judge.server(3)).ask(request(0)))
          .isInstanceOf(JudgeException.class)
          .hasMessageEndingWith(
              "/v1/chat/completions: no answer (attempts: 4); the last error: status 503: overloaded");
      assertThat(judge.bodies()).hasSize(4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"401", "403", "404", "302"})
  void what_concerns_all_requests_is_not_tried_again(String status) {
    try (ScriptedJudge judge = ScriptedJudge.saying(ScriptedJudge::question).failing(status)) {
      assertThatThrownBy(() -> client(judge.server(3)).ask(request(0)))
          .isInstanceOf(JudgeException.class)
          .hasMessageContaining("status " + status);
      assertThat(judge.bodies()).hasSize(1);
    }
  }

  @Test
  void a_redirection_says_where_to() {
    try (ScriptedJudge judge =
        ScriptedJudge.saying(ScriptedJudge::question).failing("307 0 http://other.test/v1")) {
      assertThatThrownBy(() -> client(judge.server(3)).ask(request(0)))
          .isInstanceOf(JudgeException.class)
          .hasMessageEndingWith(
              "status 307: the server redirects to http://other.test/v1; if that is the judge, give"
                  + " its address");
    }
  }

  @Test
  void what_is_not_text_is_not_sent() throws InterruptedException {
    try (ScriptedJudge judge = ScriptedJudge.saying(ScriptedJudge::question)) {
      JudgeRequest request = request(0);
      request.body().put("model", "\ud83d");
      ChatReply reply = client(judge.server(3)).ask(request);
      assertThat(reply.isRejected()).isTrue();
      assertThat(reply.problem().orElseThrow()).contains("an unpaired surrogate");
      assertThat(judge.bodies()).isEmpty();
    }
  }

  @Test
  void a_rejected_request_is_a_reply_without_text() throws InterruptedException {
    try (ScriptedJudge judge =
        ScriptedJudge.saying(ScriptedJudge::question).failing("400 0 content policy")) {
      ChatReply reply = client(judge.server(3)).ask(request(0));
      assertThat(reply.isRejected()).isTrue();
      assertThat(reply.text()).isEmpty();
      assertThat(reply.problem()).contains("status 400: content policy");
    }
  }

  @Test
  void a_key_is_sent_and_never_shown() throws InterruptedException {
    ApiKey key = ApiKey.of("KEY", " sk-secret\n").orElseThrow();
    assertThat(key.toString()).doesNotContain("secret");
    try (ScriptedJudge judge =
        ScriptedJudge.saying(ScriptedJudge::question)
            .failing("400 0 wrong: sk-secret", "401 0 wrong: sk-secret")) {
      JudgeServer server = judge.server(0, Optional.of(key), Duration.ofSeconds(60));
      assertThat(server.toString()).doesNotContain("secret");
      assertThat(client(server).ask(request(0)).problem()).contains("status 400: wrong: …");
      assertThatThrownBy(() -> client(server).ask(request(0)))
          .hasMessageEndingWith("status 401: wrong: …");
      assertThat(judge.authorizations()).containsOnly("Bearer sk-secret");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk-\u043a\u043b\u044e\u0447",
        "sk-s\u00e4cret",
        "sk-sec\nret",
        "sk\tsecret",
        "sk-\u007f"
      })
  void a_key_that_no_header_can_have_is_rejected_and_not_shown(String key) {
    assertThatThrownBy(() -> ApiKey.of("KEY", key))
        .isInstanceOfSatisfying(
            InvalidSettingException.class, e -> assertThat(e.setting()).isEqualTo("keyVariable"))
        .hasMessage("the key in KEY must have printable ASCII characters only, in one line");
    assertThat(ApiKey.of("KEY", " \n")).isEmpty();
  }

  @Test
  void a_key_that_a_reply_repeats_is_hidden_in_all_its_texts() throws InterruptedException {
    try (ScriptedJudge judge =
        new ScriptedJudge(
            body -> {
              ObjectNode completion = ScriptedJudge.completion("[[A]] sk-secret");
              ObjectNode choice = (ObjectNode) completion.path("choices").path(0);
              choice.put("finish_reason", "sk-secret");
              choice.withObject("/message").put("refusal", "no, sk-secret");
              alternatives(choice).addObject().put("token", "sk-secret").put("logprob", -1);
              return completion;
            })) {
      Optional<ApiKey> key = ApiKey.of("KEY", "sk-secret");
      ChatReply reply = client(judge.server(0, key, Duration.ofSeconds(60))).ask(request(0));
      assertThat(reply.text()).contains("[[A]] …");
      assertThat(reply.row().toString()).contains("no, …", "\"…\":-1.0").doesNotContain("secret");
      // a placeholder is no secret, and verdicts must stay what they are
      Optional<ApiKey> placeholder = ApiKey.of("KEY", "A");
      assertThat(
              client(judge.server(0, placeholder, Duration.ofSeconds(60))).ask(request(0)).text())
          .contains("[[A]] sk-secret");
    }
  }

  @Test
  void a_malformed_reply_that_repeats_the_key_shows_it_nowhere() {
    try (ScriptedJudge judge =
        new ScriptedJudge(
            body ->
                JsonNodeFactory.instance
                    .objectNode()
                    .set(
                        "error",
                        JsonNodeFactory.instance.objectNode().put("message", "bad sk-secret")))) {
      JudgeServer server = judge.server(0, ApiKey.of("KEY", "sk-secret"), Duration.ofSeconds(60));
      assertThatThrownBy(() -> client(server).ask(request(0)))
          .hasMessageEndingWith("the reply is no chat completion: bad …")
          .satisfies(e -> assertThat(Throwables.getStackTraceAsString(e)).doesNotContain("secret"));
    }
  }

  private static ArrayNode alternatives(ObjectNode choice) {
    return choice.putObject("logprobs").putArray("content").addObject().putArray("top_logprobs");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "\"-0.5\"", "1e308", "1e999", "-1e999", "0.5", "{}"})
  void an_invalid_logprob_leaves_no_first_tokens(String logprob) throws Exception {
    ObjectNode completion = ScriptedJudge.completion("m");
    ArrayNode alternatives = alternatives((ObjectNode) completion.path("choices").path(0));
    alternatives.addObject().put("token", "m").put("logprob", -0.5);
    assertThat(ChatReply.of(completion).firstToken()).containsEntry("m", -0.5);
    JsonNode value = new ObjectMapper().readTree(logprob);
    alternatives.addObject().put("token", "M").set("logprob", value);
    assertThat(ChatReply.of(completion).firstToken()).isEmpty();
    ((ObjectNode) alternatives.path(1)).remove("logprob");
    assertThat(ChatReply.of(completion).firstToken()).isEmpty();
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.putObject("first_token").put("m", -0.5).set("M", value);
    assertThat(ChatReply.ofRow(row).firstToken()).isEmpty();
  }

  @Test
  void refusals_and_first_tokens_are_read() throws InterruptedException {
    try (ScriptedJudge judge =
        new ScriptedJudge(
            body -> {
              ObjectNode completion = ScriptedJudge.completion("");
              ObjectNode choice = (ObjectNode) completion.path("choices").path(0);
              choice.withObject("/message").putNull("content").put("refusal", "I will not");
              alternatives(choice).addObject().put("token", "M").put("logprob", -0.5);
              return completion;
            })) {
      ChatReply reply = client(judge.server(0)).ask(request(0));
      assertThat(reply.text()).isEmpty();
      assertThat(reply.problem()).contains("I will not");
      assertThat(reply.firstToken()).containsEntry("M", -0.5).hasSize(1);
      assertThat(ChatReply.ofRow(reply.row())).isEqualTo(reply);
    }
  }

  @Test
  void settings_that_models_reject_can_be_left_out_or_renamed() {
    ChatSettings newer = new ChatSettings("o", OptionalDouble.empty(), 7, true, ReplyForm.OBJECT);
    List<Message> messages = List.of(Message.of("user", "12345"));
    ObjectNode body = newer.bodyForJson(messages, "scores", newer.body(messages));
    assertThat(body)
        .hasToString(
            "{\"model\":\"o\",\"messages\":[{\"role\":\"user\",\"content\":\"12345\"}],"
                + "\"max_completion_tokens\":7,\"response_format\":{\"type\":\"json_object\"}}");
    JudgeRequest request = new JudgeRequest(0, 0, body);
    assertThat(request.estimatedTokens()).isEqualTo(2);
    assertThat(request.maxTokens()).isEqualTo(7);
    assertThat(SETTINGS.bodyWithLogprobs(messages, 5))
        .hasToString(
            "{\"model\":\"judge\",\"messages\":[{\"role\":\"user\",\"content\":\"12345\"}],"
                + "\"temperature\":0.0,\"max_tokens\":100,\"logprobs\":true,\"top_logprobs\":5}");
  }
}
