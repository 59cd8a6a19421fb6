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
