package io.github.tralign.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import io.github.tralign.generate.Completion;
import io.github.tralign.generate.GenerationRequest;
import io.github.tralign.generate.Sampling;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelServerTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String TEXT = "/v1/completions";
  private static final String HI = "'messages': [{'role': 'user', 'content': 'Hi'}]";

  @TempDir private static Path folder;
  private static Served served;

  @BeforeAll
  static void serve() {
    served = new Served(folder, Optional.empty());
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  @Test
  void a_text_is_completed_as_the_model_does() throws Exception {
    HttpResponse<String> response =
        served.post(TEXT, "{'model': 'tiny', 'prompt': 'The cat', 'max_tokens': 5, 'logprobs': 0}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode answer = Served.json(response);
    int[] prompt = served.tokenizer().encode("The cat");
    Completion expected = complete(GenerationRequest.of(prompt, greedy(5)));
    assertThat(answer.path("object").asText()).isEqualTo("text_completion");
    JsonNode choice = answer.path("choices").path(0);
    assertThat(choice.at("/logprobs/token_logprobs"))
        .map(JsonNode::asDouble)
        .isEqualTo(expected.logProbs().asList());
    assertThat(served.tokenizer().decode(prompt) + choice.path("text").asText())
        .isEqualTo(served.tokenizer().decode(Ints.concat(prompt, expected.tokens().toArray())));
    assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
    assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(prompt.length);
    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(5);
    assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(prompt.length + 5);
  }

  private static Completion complete(GenerationRequest request) {
    return served.model().generate(List.of(request)).get(0).get(0);
  }

  private static Sampling greedy(int tokens) {
    return Sampling.greedy().maxNewTokens(tokens).endTokens(Set.of(0));
  }

  @Test
  void several_prompts_have_several_samples_in_order() throws Exception {
    String body = "{'prompt': %s, 'n': 2, 'temperature': 1.5, 'seed': 7, 'max_tokens': 6}";
    JsonNode both =
        Served.json(served.post(TEXT, String.format(body, "['The cat', 'Hello, you']")));
    assertThat(both.path("choices"))
        .map(it -> it.path("index").asInt())
        .containsExactly(0, 1, 2, 3);
    JsonNode ids =
        Served.json(
            served.post(
                TEXT,
                String.format(
                    body,
                    List.of(served.tokenizer().encode("The cat")).stream()
                        .map(Arrays::toString)
                        .toList())));
    assertThat(texts(ids)).isEqualTo(texts(both).subList(0, 2));
    assertThat(texts(both).get(0)).isNotEqualTo(texts(both).get(1));
  }

  private static List<String> texts(JsonNode answer) {
    List<String> texts = new ArrayList<>();
    answer.path("choices").forEach(it -> texts.add(it.path("text").asText()));
    return texts;
  }

  @Test
  void a_stream_has_the_parts_of_the_whole_answer() throws Exception {
    String common = "{" + HI + ", 'temperature': 1, 'seed': 3, 'max_completion_tokens': 12";
    JsonNode whole = Served.json(served.post(CHAT, common + "}"));
    String text = whole.at("/choices/0/message/content").asText();
    assertThat(whole.path("object").asText()).isEqualTo("chat.completion");
    assertThat(text).isNotEmpty();

    HttpResponse<String> stream =
        served.post(
            CHAT,
            common
                + ", 'stream': true, 'logprobs': true, 'stream_options': {'include_usage': true}}");
    assertThat(stream.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    List<JsonNode> chunks = chunks(stream.body());
    assertThat(stream.body()).endsWith("data: [DONE]\n\n");
    assertThat(chunks.get(0).at("/choices/0/delta/role").asText()).isEqualTo("assistant");
    assertThat(chunks)
        .map(it -> it.at("/choices/0/delta/content").asText())
        .satisfies(it -> assertThat(String.join("", it)).isEqualTo(text));
    JsonNode usage = chunks.get(chunks.size() - 1);
    assertThat(usage.path("choices")).isEmpty();
    assertThat(usage.path("usage")).isEqualTo(whole.path("usage"));
    assertThat(chunks.get(chunks.size() - 2).at("/choices/0/finish_reason"))
        .isEqualTo(whole.at("/choices/0/finish_reason"));
    int logProbs =
        chunks.stream().mapToInt(it -> it.at("/choices/0/logprobs/content").size()).sum();
    assertThat(logProbs).isEqualTo(usage.at("/usage/completion_tokens").asInt());
  }

  private static List<JsonNode> chunks(String body) throws IOException {
    List<JsonNode> chunks = new ArrayList<>();
    for (String event : body.split("\n\n")) {
      if (event.startsWith("data: {")) {
        chunks.add(Served.json(event.substring("data: ".length())));
      }
    }
    return chunks;
  }

  @Test
  void the_most_probable_tokens_of_a_chat_are_sent_whole_or_in_a_stream() throws Exception {
    String body = "{" + HI + ", 'logprobs': true, 'top_logprobs': 3, 'max_tokens': 6";
    JsonNode tokens = Served.json(served.post(CHAT, body + "}")).at("/choices/0/logprobs/content");
    assertThat(tokens).isNotEmpty();
    for (JsonNode token : tokens) {
      assertThat(token.fieldNames())
          .toIterable()
          .containsExactly("token", "logprob", "bytes", "top_logprobs");
      JsonNode best = token.path("top_logprobs");
      assertThat(best).hasSize(3);
      for (String field : List.of("token", "logprob", "bytes")) { // a greedy choice is the first
        assertThat(best.path(0).path(field)).isEqualTo(token.path(field));
      }
      assertThat(best)
          .map(it -> it.path("logprob").asDouble())
          .isSortedAccordingTo(Comparator.reverseOrder());
    }
    List<JsonNode> streamed = new ArrayList<>();
    for (JsonNode chunk : chunks(served.post(CHAT, body + ", 'stream': true}").body())) {
      chunk.at("/choices/0/logprobs/content").forEach(streamed::add);
    }
    assertThat(streamed).isEqualTo(ImmutableList.copyOf(tokens));
    JsonNode plain = Served.json(served.post(CHAT, "{" + HI + ", 'logprobs': true}"));
    assertThat(plain.at("/choices/0/logprobs/content/0/top_logprobs").isArray()).isTrue();
    assertThat(plain.at("/choices/0/logprobs/content/0/top_logprobs")).isEmpty();
  }

  @Test
  void the_most_probable_tokens_of_a_text_are_sent_with_the_chosen_one() throws Exception {
    String body = "{'prompt': 'The cat', 'temperature': 2, 'seed': 5, 'max_tokens': 6";
    JsonNode answer =
        Served.json(served.post(TEXT, body + ", 'logprobs': 2}")).at("/choices/0/logprobs");
    assertThat(answer.path("top_logprobs")).hasSameSizeAs(answer.path("tokens")).isNotEmpty();
    int more = 0;
    for (int i = 0; i < answer.path("tokens").size(); i++) {
      JsonNode best = answer.path("top_logprobs").path(i);
      assertThat(best.size()).isBetween(1, 3);
      more += best.size() == 3 ? 1 : 0;
      assertThat(best.path(answer.path("tokens").path(i).asText()).asDouble())
          .isGreaterThanOrEqualTo(answer.path("token_logprobs").path(i).asDouble());
    }
    assertThat(more).as("places where another token was drawn").isPositive();
    List<JsonNode> streamed = new ArrayList<>();
    for (JsonNode chunk :
        chunks(served.post(TEXT, body + ", 'logprobs': 2, 'stream': true}").body())) {
      chunk.at("/choices/0/logprobs/top_logprobs").forEach(streamed::add);
    }
    assertThat(streamed).isEqualTo(ImmutableList.copyOf(answer.path("top_logprobs")));
    JsonNode chosen = Served.json(served.post(TEXT, body + ", 'logprobs': 0}"));
    assertThat(chosen.at("/choices/0/logprobs/token_logprobs"))
        .isEqualTo(answer.path("token_logprobs"));
    assertThat(chosen.at("/choices/0/logprobs/top_logprobs").isNull()).isTrue();
  }

  @Test
  void a_stop_string_is_cut_off() throws Exception {
    String body = "{'prompt': 'The cat', 'max_tokens': 12%s}";
    String text = texts(Served.json(served.post(TEXT, String.format(body, "")))).get(0);
    String stop = text.substring(3, 5);
    String stops = ", 'stop': [" + TextNode.valueOf(stop) + ", 'never']";
    JsonNode answer = Served.json(served.post(TEXT, String.format(body, stops)));
    assertThat(texts(answer).get(0)).isEqualTo(text.substring(0, text.indexOf(stop)));
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
  }

  @Test
  void the_model_is_listed() throws Exception {
    JsonNode models = Served.json(served.send(served.request("/v1/models").GET().build()));
    assertThat(models.at("/data/0/id").asText()).isEqualTo("tiny");
    JsonNode model = Served.json(served.send(served.request("/v1/models/tiny").GET().build()));
    assertThat(model.path("object").asText()).isEqualTo("model");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "|400|null|the body must be a JSON object",
        "[]|400|null|the body must be a JSON object",
        "{'messages'|400|null|the body is not valid JSON",
        "{'messages': []} {}|400|null|the body is not valid JSON",
        "{}|400|messages|'messages' is missing",
        "{'messages': 'Hi'}|400|messages|'messages' is invalid; expected a list",
        "{'messages': []}|400|messages|field 'messages' is an empty list",
        "{'messages': [{'role': 'user'}]}|400|messages|field 'messages[0].content' is missing",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'model': 'gpt'}|404|model|no such model",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'n': 0}|400|n|from 1 to 64",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'temperature': -1}|400|temperature|from 0",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'top_p': 0}|400|top_p|above 0",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'stream': 1}|400|stream|true or false",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'stop': ['']}|400|stop|not empty",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'seed': 1.5}|400|seed|a whole number",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'max_tokens': 5000}|400|max_tokens|maximum",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'logit_bias': {'5': 1}}|400|logit_bias|not supported",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'top_logprobs': 5}|400|top_logprobs|requires 'logprobs': true",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'top_logprobs': 21, 'logprobs': true}|400|top_logprobs|from 0 to 20",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'logprobs': 5}|400|logprobs|true or false",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'max_completion_tokens': 5000}|400|max_completion_tokens|maximum",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'tools': 5}|400|tools|field 'tools'",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'chat_template_kwargs': 5}|400|chat_template_kwargs|field",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'stream_options': 5}|400|stream_options|an object",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'stream_options': {'x': 1}}|400|stream_options|include_usage",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'repetition_penalty': 1e-30}|400|repetition_penalty|from 0.001",
        "{'messages': [{'role': 'user', 'content': 'Hi'}], 'colour': 'red'}|400|colour|unknown field"
      })
  void an_invalid_chat_is_answered_with_the_error_object(
      String body, int status, String parameter, String message) throws Exception {
    assertError(served.post(CHAT, body == null ? "" : body), status, parameter, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'messages': [{'role': 'user', 'content': 'Hi \\ud83d'}]|messages|messages[0].content",
        "'messages': [], 'stop': ['a', '\\ude00\\ud83d']|stop|stop[1]",
        "'metadata': {'a': {'b': '\\udc00x'}}|metadata|metadata.a.b",
      })
  void half_of_a_surrogate_pair_is_rejected_with_its_place(
      String fields, String parameter, String place) throws Exception {
    String message = "'" + place + "' contains an unpaired surrogate";
    assertError(served.post(CHAT, "{" + fields + "}"), 400, parameter, message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\udc00", "\\ud83d", "\\ud83dx"})
  void half_of_a_surrogate_pair_in_a_name_is_no_json(String name) throws Exception {
    HttpResponse<String> response = served.post(CHAT, "{'metadata': {'" + name + "': 1}}");
    assertError(response, 400, "null", "the body is not valid JSON");
  }

  @Test
  void values_that_change_nothing_are_accepted_of_fields_that_are_not_supported() throws Exception {
    HttpResponse<String> response =
        served.post(
            CHAT,
            "{"
                + HI
                + ", 'max_tokens': 1, 'presence_penalty': -0.0, 'frequency_penalty': 0,"
                + " 'best_of': 1, 'logit_bias': {}, 'tool_choice': 'auto', 'suffix': null,"
                + " 'stop': '\\ud83d\\ude00'}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'prompt': ''}|prompt|no tokens",
        "{'prompt': 'a', 'presence_penalty': -0.5}|presence_penalty|not supported",
        "{'prompt': ['a', '\\ud83d']}|prompt|'prompt[1]' contains an unpaired surrogate",
        "{'prompt': []}|prompt|expected 1 to 64 prompts",
        "{'prompt': [99999]}|prompt|token ids from 0 to",
        "{'prompt': [{}]}|prompt|a text, a list of texts, or token ids",
        "{'prompt': 'a', 'echo': true}|echo|not supported",
        "{'prompt': 'a', 'logprobs': 6}|logprobs|from 0 to 5",
        "{'prompt': 'a', 'top_logprobs': 5}|top_logprobs|unknown field",
        "{'prompt': 'a', 'messages': []}|messages|unknown field"
      })
  void invalid_completions_are_answered_with_the_error_object(
      String body, String parameter, String message) throws Exception {
    assertError(served.post(TEXT, body), 400, parameter, message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/v1/embeddings",
        "/v1/chat/completions/x",
        "/v1/models/other",
        "/v1/modelsfoo"
      })
  void an_unknown_address_is_not_found(String path) throws Exception {
    HttpResponse<String> response = served.post(path, "{}");
    assertThat(response.statusCode()).isIn(404, 405);
    assertThat(Served.json(response).path("error").path("message").asText()).isNotEmpty();
  }

  @Test
  void methods_types_and_sizes_are_checked() throws Exception {
    HttpResponse<String> got = served.send(served.request(CHAT).GET().build());
    assertError(got, 405, "null", "use POST");
    assertThat(got.headers().firstValue("Allow")).contains("POST");
    HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString("{}");
    assertError(
        served.send(
            served.request(CHAT).setHeader("Content-Type", "text/plain").POST(body).build()),
        415,
        "null",
        "application/json");
    assertError(
        served.post(CHAT, "{'x': '" + "y".repeat(3 * Served.MAX_BODY) + "'}"),
        413,
        "null",
        "at most 20000 bytes");
    assertError(served.post(TEXT, "{'prompt': 'a', 'n': 33}"), 400, "n", "at most 32 are possible");
  }

  @Test
  void headers_are_read_without_regard_to_case_but_whole() throws Exception {
    HttpRequest.Builder request = served.request(TEXT);
    HttpRequest.BodyPublisher body =
        HttpRequest.BodyPublishers.ofString("{\"prompt\": \"a\", \"max_tokens\": 1}");
    request.setHeader("Content-Type", "Application/JSON; charset=utf-8");
    assertThat(served.send(request.POST(body).build()).statusCode()).isEqualTo(200);
    request.setHeader("Content-Type", "application/jsonevil");
    assertError(served.send(request.POST(body).build()), 415, "null", "application/json");
    assertThat(
            served
                .send(
                    served
                        .request("/v1/models")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build())
                .statusCode())
        .isEqualTo(405);
  }

  @Test
  void a_body_in_no_encoding_of_json_is_invalid() throws Exception {
    byte[] bytes = {'{', 0, 0, 0, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff};
    HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofByteArray(bytes);
    assertError(
        served.send(served.request(CHAT).POST(body).build()), 400, "null", "not valid JSON");
  }

  private static void assertError(
      HttpResponse<String> response, int status, String parameter, String message)
      throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode error = Served.json(response).path("error");
    assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
    assertThat(error.path("param").asText()).isEqualTo(parameter);
    assertThat(error.path("message").asText()).contains(message);
  }

  @Test
  void a_key_is_required_if_there_is_one() throws Exception {
    try (Served locked = new Served(folder, Optional.of("secret"))) {
      assertError(locked.post(CHAT, "{" + HI + "}"), 401, "null", "Authorization");
      HttpRequest.Builder request =
          locked.request(TEXT).POST(HttpRequest.BodyPublishers.ofString("{\"prompt\": \"a\"}"));
      assertError(
          locked.send(request.copy().header("Authorization", "Bearer wrong").build()),
          401,
          "null",
          "Authorization");
      assertThat(
              locked
                  .send(request.copy().header("Authorization", "Bearer secret").build())
                  .statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void parts_of_one_answer_have_one_name() throws Exception {
    HttpResponse<String> stream = served.post(TEXT, "{'prompt': 'a', 'n': 3, 'stream': true}");
    assertThat(
            chunks(stream.body()).stream()
                .map(it -> it.path("id").asText())
                .collect(Collectors.toSet()))
        .hasSize(1);
  }
}
