package io.github.tralign.judge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableTable;
import io.github.tralign.judge.client.ChatReply;
import io.github.tralign.judge.client.ChatSettings;
import io.github.tralign.judge.client.JudgeRequest;
import io.github.tralign.judge.statistics.Mean;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Five human-centric scores of each answer, from 1 to 10, by a JSON schema: coherence, correctness,
 * level of detail, helpfulness and harmlessness.
 */
public final class AnswerScores {

  /** The scores. */
  public static final ImmutableList<String> NAMES =
      ImmutableList.of(
          "coherence", "correctness", "level_of_detail", "helpfulness", "harmlessness");

  /** What a prompt must contain. */
  public static final ImmutableList<String> PLACEHOLDERS =
      ImmutableList.of("instruction", "output");

  private static final int LOWEST = 1;
  private static final int HIGHEST = 10;

  /** A JSON object, alone or in a block of code, as models write it that no schema binds. */
  private static final Pattern BLOCK =
      Pattern.compile("```(?:json)?\\s*(.*?)\\s*```", Pattern.DOTALL);

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private AnswerScores() {}

  /** A request for each answer. */
  public static ImmutableList<JudgeRequest> requests(
      List<Answer> answers, JudgePrompt prompt, ChatSettings settings) {
    ImmutableList.Builder<JudgeRequest> requests = ImmutableList.builder();
    for (int i = 0; i < answers.size(); i++) {
      Answer answer = answers.get(i);
      var messages =
          prompt.filled(
              ImmutableMap.of("instruction", answer.instruction(), "output", answer.output()));
      requests.add(new JudgeRequest(i, 0, settings.bodyForJson(messages, "scores", schema())));
    }
    return requests.build();
  }

  private static ObjectNode schema() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    for (String name : NAMES) {
      ArrayNode values = properties.putObject(name).put("type", "integer").putArray("enum");
      for (int value = LOWEST; value <= HIGHEST; value++) {
        values.add(value); // servers know enums, but not all know a minimum
      }
    }
    NAMES.forEach(schema.putArray("required")::add);
    return schema.put("additionalProperties", false);
  }

  /** The scores of each of {@code count} answers; empty where they could not be read. */
  public static ImmutableList<Optional<ImmutableMap<String, Double>>> scores(
      int count, ImmutableTable<Integer, Integer, ChatReply> replies) {
    ImmutableList.Builder<Optional<ImmutableMap<String, Double>>> scores = ImmutableList.builder();
    for (int i = 0; i < count; i++) {
      scores.add(
          Optional.ofNullable(replies.get(i, 0))
              .flatMap(ChatReply::text)
              .flatMap(AnswerScores::parse));
    }
    return scores.build();
  }

  private static Optional<ImmutableMap<String, Double>> parse(String text) {
    Matcher block = BLOCK.matcher(text.strip());
    JsonNode object;
    try {
      object = JSON.readTree(block.matches() ? block.group(1) : text);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
    ImmutableMap.Builder<String, Double> scores = ImmutableMap.builder();
    for (String name : NAMES) {
      JsonNode score = object.path(name);
      if (!score.isNumber() || !(score.asDouble() >= LOWEST && score.asDouble() <= HIGHEST)) {
        return Optional.empty();
      }
      scores.put(name, score.asDouble());
    }
    return Optional.of(scores.buildOrThrow());
  }

  /** The mean of each score, and as {@code mean} that of their means. */
  public static ImmutableMap<String, Mean> means(
      List<Optional<ImmutableMap<String, Double>>> scores) {
    List<ImmutableMap<String, Double>> read = scores.stream().flatMap(Optional::stream).toList();
    Map<String, Mean> means = new LinkedHashMap<>();
    for (String name : NAMES) {
      means.put(name, Mean.of(read.stream().map(it -> it.getOrDefault(name, 0.0)).toList()));
    }
    means.put("mean", Mean.of(read.stream().map(AnswerScores::mean).toList()));
    return ImmutableMap.copyOf(means);
  }

  /** The mean of an answer's scores. */
  public static double mean(Map<String, Double> scores) {
    return scores.values().stream().mapToDouble(it -> it).average().orElse(Double.NaN);
  }
}
