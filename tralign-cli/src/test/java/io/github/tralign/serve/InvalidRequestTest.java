package io.github.tralign.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that the server refuses, with its error object. */
class InvalidRequestTest {

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
}
