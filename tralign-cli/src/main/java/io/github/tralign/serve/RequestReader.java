package io.github.tralign.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.form.Prompt;
import io.github.tralign.data.source.DataRecord;
import io.github.tralign.djl.generate.GenerationConfig;
import io.github.tralign.djl.generate.PromptEncoder;
import io.github.tralign.generate.GenerationRequest;
import io.github.tralign.generate.Sampling;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the JSON of a request. What is not supported is an error, never ignored. */
final class RequestReader {

  private static final int MAX_SAMPLES = 64;
  private static final int MAX_PROMPTS = 64;
  private static final int MAX_STOPS = 16;
  private static final int MAX_CHAT_ALTERNATIVES = 20;
  private static final int MAX_TEXT_ALTERNATIVES = 5;
  private static final String ORIGIN = "request";
  private static final Pattern CHAT_FIELD =
      Pattern.compile("^" + ORIGIN + ": field '(tools|chat_template_kwargs)\\b");

  /** Fields that change no answer. */
  private static final ImmutableSet<String> IGNORED =
      ImmutableSet.of(
          "user",
          "metadata",
          "store",
          "service_tier",
          "safety_identifier",
          "prompt_cache_key",
          "parallel_tool_calls");

  /** Fields that are not supported, with the values that change nothing, as {@link #shown}. */
  private static final ImmutableMap<String, ImmutableSet<String>> UNSUPPORTED =
      ImmutableMap.<String, ImmutableSet<String>>builder()
          .put("frequency_penalty", ImmutableSet.of("0.0"))
          .put("presence_penalty", ImmutableSet.of("0.0"))
          .put("logit_bias", ImmutableSet.of("{}"))
          .put("response_format", ImmutableSet.of("{\"type\":\"text\"}"))
          .put("tool_choice", ImmutableSet.of("\"none\"", "\"auto\""))
          .put("functions", ImmutableSet.of("[]"))
          .put("function_call", ImmutableSet.of("\"none\"", "\"auto\""))
          .put("modalities", ImmutableSet.of("[\"text\"]"))
          .put("reasoning_effort", ImmutableSet.of())
          .put("verbosity", ImmutableSet.of())
          .put("echo", ImmutableSet.of("false"))
          .put("suffix", ImmutableSet.of("\"\""))
          .put("best_of", ImmutableSet.of("1.0"))
          .buildOrThrow();

  private static final ImmutableSet<String> COMMON =
      ImmutableSet.of(
          "model",
          "n",
          "stream",
          "stream_options",
          "stop",
          "seed",
          "logprobs",
          "max_tokens",
          "temperature",
          "top_p",
          "top_k",
          "min_p",
          "repetition_penalty");

  private final String model;
  private final PromptEncoder encoder;
  private final GenerationConfig config;
  private final int maxTokens;
  private final int vocabularySize;
  private final SecureRandom seeds = new SecureRandom();

  /**
   * Reads requests for a model.
   *
   * @param model the name that clients call it by
   * @param config what applies where a request says nothing
   * @param maxTokens the number of tokens that a prompt with its completion can have
   */
  RequestReader(
      String model,
      PromptEncoder encoder,
      GenerationConfig config,
      int maxTokens,
      int vocabularySize) {
    this.model = model;
    this.encoder = encoder;
    this.config = config;
    this.maxTokens = maxTokens;
    this.vocabularySize = vocabularySize;
  }

  /** Reads a request for a chat. */
  CompletionCall chat(ObjectNode json) {
    RequestFields fields = new RequestFields(json);
    check(
        fields,
        ImmutableSet.of(
            "messages", "tools", "chat_template_kwargs", "max_completion_tokens", "top_logprobs"));
    if (!fields.get("messages").isArray()) {
      throw fields.invalid("messages", "a list of messages");
    }
    if (!encoder.hasTemplate()) {
      throw new ApiException(
          400, "the model has no chat template; use /v1/completions", "messages", null);
    }
    boolean logProbs = fields.truth("logprobs");
    int alternatives = fields.integer("top_logprobs", 0, MAX_CHAT_ALTERNATIVES).orElse(0);
    if (alternatives > 0 && !logProbs) {
      throw ApiException.invalid("top_logprobs", "'top_logprobs' requires 'logprobs': true");
    }
    List<ImmutableIntArray> prompts = List.of(encoded(chatPrompt(json), "messages"));
    return call(true, fields, prompts, logProbs, alternatives);
  }

  private static Prompt chatPrompt(ObjectNode json) {
    ObjectNode row = json.objectNode();
    for (String field : List.of("messages", "tools", "chat_template_kwargs")) {
      if (json.hasNonNull(field)) {
        row.set(field, json.get(field));
      }
    }
    try {
      return Prompt.of(new DataRecord(row, ORIGIN));
    } catch (InvalidInputException e) {
      Matcher field = CHAT_FIELD.matcher(String.valueOf(e.getMessage()));
      throw invalid(e, field.find() ? field.group(1) : "messages");
    }
  }

  /** Reads a request for completions of texts. */
  CompletionCall completions(ObjectNode json) {
    RequestFields fields = new RequestFields(json);
    check(fields, ImmutableSet.of("prompt"));
    List<ImmutableIntArray> prompts = new ArrayList<>();
    JsonNode prompt = fields.get("prompt");
    boolean several = prompt.isArray() && !prompt.path(0).isIntegralNumber();
    for (JsonNode one : several ? prompt : json.arrayNode().add(prompt)) {
      prompts.add(prompt(one, fields));
    }
    if (prompts.isEmpty() || prompts.size() > MAX_PROMPTS) {
      throw fields.invalid("prompt", "1 to " + MAX_PROMPTS + " prompts");
    }
    OptionalInt logProbs = fields.integer("logprobs", 0, MAX_TEXT_ALTERNATIVES);
    return call(false, fields, prompts, logProbs.isPresent(), logProbs.orElse(0));
  }

  private ImmutableIntArray prompt(JsonNode prompt, RequestFields fields) {
    if (prompt.isTextual()) {
      return encoded(Prompt.text(prompt.textValue(), ORIGIN), "prompt");
    }
    if (!prompt.isArray() || prompt.isEmpty()) {
      throw fields.invalid("prompt", "a text, a list of texts, or token ids");
    }
    ImmutableIntArray.Builder ids = ImmutableIntArray.builder();
    for (JsonNode id : prompt) {
      if (!id.isInt() || id.intValue() < 0 || id.intValue() >= vocabularySize) {
        throw fields.invalid("prompt", "token ids from 0 to " + (vocabularySize - 1));
      }
      ids.add(id.intValue());
    }
    return ids.build();
  }

  private ImmutableIntArray encoded(Prompt prompt, String field) {
    try {
      return encoder.encode(prompt);
    } catch (InvalidInputException e) {
      throw invalid(e, field);
    }
  }

  private static ApiException invalid(InvalidInputException e, String field) {
    String message = String.valueOf(e.getMessage());
    return ApiException.invalid(field, message.replaceFirst("^" + ORIGIN + ": ", ""));
  }

  private void check(RequestFields fields, ImmutableSet<String> own) {
    fields.requireCharacters();
    fields
        .json()
        .properties()
        .forEach(
            entry -> {
              String name = entry.getKey();
              ImmutableSet<String> harmless = UNSUPPORTED.get(name);
              JsonNode value = entry.getValue();
              if (harmless != null && !value.isNull() && !harmless.contains(shown(value))) {
                throw ApiException.unsupported(name, "'" + name + "' is not supported");
              }
              if (harmless == null
                  && !IGNORED.contains(name)
                  && !COMMON.contains(name)
                  && !own.contains(name)) {
                throw ApiException.unsupported(name, "unknown field '" + name + "'");
              }
            });
    if (fields.has("model") && !fields.get("model").asText().equals(model)) {
      throw new ApiException(
          404,
          "there is no such model; this server has '" + model + "'",
          "model",
          "model_not_found");
    }
  }

  /** A value as JSON, with one form for equal numbers: −0 is 0.0, and so is 0. */
  private static String shown(JsonNode value) {
    return value.isNumber() ? Double.toString(value.doubleValue() + 0.0) : value.toString();
  }

  private CompletionCall call(
      boolean chat,
      RequestFields fields,
      List<ImmutableIntArray> prompts,
      boolean logProbs,
      int alternatives) {
    int samples = fields.integer("n", 1, MAX_SAMPLES).orElse(1);
    long seed = fields.longInteger("seed").orElseGet(seeds::nextLong);
    Sampling sampling = sampling(fields);
    ImmutableList.Builder<GenerationRequest> requests = ImmutableList.builder();
    for (int row = 0; row < prompts.size(); row++) {
      ImmutableIntArray prompt = prompts.get(row);
      requests.add(
          new GenerationRequest(
              prompt,
              samples,
              limited(sampling, prompt.length(), fields),
              seed,
              row,
              alternatives));
    }
    List<String> stops = fields.texts("stop", MAX_STOPS);
    return new CompletionCall(
        chat,
        requests.build(),
        stops.isEmpty() ? config.stopStrings() : ImmutableList.copyOf(stops),
        fields.truth("stream"),
        usage(fields),
        logProbs);
  }

  /** Whether a stream ends with the numbers of tokens. */
  private static boolean usage(RequestFields fields) {
    if (!fields.has("stream_options")) {
      return false;
    }
    if (!(fields.get("stream_options") instanceof ObjectNode options)
        || !ImmutableSet.of("include_usage").containsAll(ImmutableSet.copyOf(options.fieldNames()))
        || options.hasNonNull("include_usage") && !options.get("include_usage").isBoolean()) {
      throw fields.invalid("stream_options", "an object with 'include_usage', true or false");
    }
    return options.path("include_usage").asBoolean(false);
  }

  private Sampling sampling(RequestFields fields) {
    Sampling sampling = config.sampling();
    double temperature = fields.number("temperature", 0, false, 100).orElse(sampling.temperature());
    return sampling
        .temperature(temperature)
        .topK(fields.integer("top_k", 0, Integer.MAX_VALUE).orElse(sampling.topK()))
        .topP(fields.number("top_p", 0, true, 1).orElse(sampling.topP()))
        .minP(fields.number("min_p", 0, false, 1).orElse(sampling.minP()))
        .repetitionPenalty(
            fields
                .number(
                    "repetition_penalty",
                    Sampling.MIN_REPETITION_PENALTY,
                    false,
                    Sampling.MAX_REPETITION_PENALTY)
                .orElse(sampling.repetitionPenalty()));
  }

  /** The settings with the lengths for a prompt. */
  private Sampling limited(Sampling sampling, int prompt, RequestFields fields) {
    String field = fields.has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
    OptionalInt asked = fields.integer(field, 1, Integer.MAX_VALUE);
    int room = maxTokens - prompt;
    if (room < Math.max(1, asked.orElse(1))) {
      throw new ApiException(
          400,
          String.format(
              Locale.ROOT,
              "the maximum length is %d tokens; the prompt has %d, and %d are asked for",
              maxTokens,
              prompt,
              asked.orElse(1)),
          asked.isPresent() ? field : null,
          "context_length_exceeded");
    }
    GenerationConfig own = config.sampling(sampling);
    Sampling settings;
    try {
      settings = (asked.isPresent() ? own.maxNewTokens(asked.getAsInt()) : own).forPrompt(prompt);
    } catch (IllegalArgumentException e) {
      throw new ApiException(400, String.valueOf(e.getMessage()), null, "context_length_exceeded");
    }
    int most = Math.min(room, settings.maxNewTokens());
    return settings.minNewTokens(Math.min(most, settings.minNewTokens())).maxNewTokens(most);
  }
}
