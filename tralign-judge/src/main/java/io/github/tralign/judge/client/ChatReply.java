package io.github.tralign.judge.client;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a judge replied to a request.
 *
 * @param text the reply; empty if there is none, as after a refusal
 * @param finish why the reply ended, such as {@code stop}, or {@code length} if it was cut off
 * @param firstToken log-probabilities of the most likely first tokens, each finite and ≤ 0; empty
 *     if they were not asked for, or one of them is missing or invalid
 * @param promptTokens tokens of the request, as the server counts them; 0 if it does not say
 * @param completionTokens tokens of the reply, likewise
 * @param problem why there is no text: a refusal, or the message by which the server rejected the
 *     request
 */
public record ChatReply(
    Optional<String> text,
    String finish,
    ImmutableMap<String, Double> firstToken,
    long promptTokens,
    long completionTokens,
    Optional<String> problem) {

  private static final String REJECTED = "rejected";

  /**
   * Nothing may be null.
   *
   * @throws IllegalArgumentException if a log-probability is invalid
   */
  public ChatReply {
    requireNonNull(text, "text");
    requireNonNull(finish, "finish");
    requireNonNull(firstToken, "firstToken");
    requireNonNull(problem, "problem");
    firstToken.forEach(
        (token, logprob) ->
            checkArgument(isValid(logprob), "log-probability of '%s': %s", token, logprob));
  }

  private static boolean isValid(double logprob) {
    return Double.isFinite(logprob) && logprob <= 0;
  }

  /** The server rejected this request. */
  static ChatReply rejected(String message) {
    return new ChatReply(Optional.empty(), REJECTED, ImmutableMap.of(), 0, 0, Optional.of(message));
  }

  /** What a judge said, or why it did not; null if it was not asked. */
  public static String shown(@Nullable ChatReply reply) {
    return reply == null ? "was not asked" : reply.text().or(reply::problem).orElse("said nothing");
  }

  /** The same with all texts of the server changed. */
  ChatReply with(UnaryOperator<String> change) {
    Map<String, Double> tokens = new LinkedHashMap<>();
    firstToken.forEach((token, logprob) -> tokens.put(change.apply(token), logprob));
    return new ChatReply(
        text.map(change),
        change.apply(finish),
        ImmutableMap.copyOf(tokens),
        promptTokens,
        completionTokens,
        problem.map(change));
  }

  boolean isRejected() {
    return finish.equals(REJECTED);
  }

  /**
   * Reads a chat completion.
   *
   * @throws IllegalArgumentException if it is none; the message says what is missing
   */
  static ChatReply of(JsonNode completion) {
    JsonNode choice = completion.path("choices").path(0);
    JsonNode message = choice.path("message");
    if (!message.isObject()) {
      JsonNode error = completion.path("error").path("message");
      throw new IllegalArgumentException(
          error.isTextual() ? error.textValue() : "choices[0].message is missing");
    }
    JsonNode content = message.path("content");
    if (!content.isTextual() && !content.isNull() && !content.isMissingNode()) {
      throw new IllegalArgumentException("choices[0].message.content is not a text");
    }
    JsonNode refusal = message.path("refusal");
    JsonNode usage = completion.path("usage");
    return new ChatReply(
        Optional.ofNullable(content.textValue()),
        choice.path("finish_reason").asText(),
        firstToken(choice.path("logprobs").path("content").path(0).path("top_logprobs")),
        usage.path("prompt_tokens").asLong(),
        usage.path("completion_tokens").asLong(),
        Optional.ofNullable(refusal.textValue()));
  }

  private static ImmutableMap<String, Double> firstToken(JsonNode alternatives) {
    Map<String, JsonNode> logprobs = new LinkedHashMap<>();
    for (JsonNode alternative : alternatives) {
      logprobs.put(alternative.path("token").asText(), alternative.path("logprob"));
    }
    return valid(logprobs.entrySet());
  }

  /** Nothing if one is invalid: the others give no probability that can be trusted. */
  private static ImmutableMap<String, Double> valid(Set<Map.Entry<String, JsonNode>> logprobs) {
    ImmutableMap.Builder<String, Double> tokens = ImmutableMap.builder();
    for (Map.Entry<String, JsonNode> it : logprobs) {
      double logprob = it.getValue().isNumber() ? it.getValue().doubleValue() : Double.NaN;
      if (!isValid(logprob)) {
        return ImmutableMap.of();
      }
      tokens.put(it.getKey(), logprob);
    }
    return tokens.buildOrThrow();
  }

  /** The fields of a line of a file. */
  ObjectNode row() {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    text.ifPresent(it -> row.put("text", it));
    row.put("finish", finish);
    problem.ifPresent(it -> row.put("problem", it));
    if (!firstToken.isEmpty()) {
      ObjectNode tokens = row.putObject("first_token");
      firstToken.forEach(tokens::put);
    }
    return row.put("prompt_tokens", promptTokens).put("completion_tokens", completionTokens);
  }

  static ChatReply ofRow(JsonNode row) {
    return new ChatReply(
        Optional.ofNullable(row.path("text").textValue()),
        row.path("finish").asText(),
        valid(row.path("first_token").properties()),
        row.path("prompt_tokens").asLong(),
        row.path("completion_tokens").asLong(),
        Optional.ofNullable(row.path("problem").textValue()));
  }
}
