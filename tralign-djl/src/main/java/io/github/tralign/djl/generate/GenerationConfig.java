package io.github.tralign.djl.generate;

import static com.google.common.collect.ImmutableSet.toImmutableSet;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.Tokenizer;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.generate.Sampling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a folder wants its model to generate: its {@code generation_config.json}, read with the
 * meaning and the defaults of transformers' {@code GenerationConfig}.
 *
 * <p>{@code GenerationConfig.read(folder).withEndOf(tokenizer).forPrompt(tokens)} is the sampling
 * for a prompt.
 *
 * <p>Keys that concern how transformers computes, such as {@code use_cache}, change no text and are
 * ignored. Keys that would change the text, but are not supported, are named in a warning.
 *
 * @param sampling how tokens are chosen, and the end tokens; {@link #forPrompt} sets the lengths.
 *     It is greedy unless {@code do_sample} is true
 * @param temperature the temperature, whether or not {@code do_sample} is true
 * @param maxNewTokens the maximum number of new tokens, if it is set
 * @param maxLength the maximum number of tokens of prompt and completion together, if it is set
 * @param minLength the minimum number of tokens of prompt and completion together, 0 for none
 * @param stopStrings texts that end a completion
 * @param warnings keys that are set and not supported
 */
public record GenerationConfig(
    Sampling sampling,
    double temperature,
    OptionalInt maxNewTokens,
    OptionalInt maxLength,
    int minLength,
    ImmutableList<String> stopStrings,
    ImmutableList<String> warnings) {

  /** The file's name in a model's folder. */
  public static final String FILE = "generation_config.json";

  /** Checks for null. */
  public GenerationConfig {
    requireNonNull(sampling, "sampling");
    requireNonNull(maxNewTokens, "maxNewTokens");
    requireNonNull(maxLength, "maxLength");
    requireNonNull(stopStrings, "stopStrings");
    requireNonNull(warnings, "warnings");
  }

  private static final int TOP_K = 50; // transformers' default
  private static final String END = "eos_token_id";

  /** Keys that change the text but are not supported, with the values that change nothing. */
  private static final ImmutableMap<String, ImmutableSet<String>> UNSUPPORTED =
      ImmutableMap.<String, ImmutableSet<String>>builder()
          .put("num_beams", ImmutableSet.of("1"))
          .put("num_beam_groups", ImmutableSet.of("1"))
          .put("max_time", ImmutableSet.of())
          .put("top_h", ImmutableSet.of())
          .put("typical_p", ImmutableSet.of("1.0", "1"))
          .put("epsilon_cutoff", ImmutableSet.of("0.0", "0"))
          .put("eta_cutoff", ImmutableSet.of("0.0", "0"))
          .put("encoder_repetition_penalty", ImmutableSet.of("1.0", "1"))
          .put("encoder_no_repeat_ngram_size", ImmutableSet.of("0"))
          .put("bad_words_ids", ImmutableSet.of("[]"))
          .put("force_words_ids", ImmutableSet.of("[]"))
          .put("constraints", ImmutableSet.of("[]"))
          .put("forced_bos_token_id", ImmutableSet.of())
          .put("forced_eos_token_id", ImmutableSet.of())
          .put("exponential_decay_length_penalty", ImmutableSet.of())
          .put("suppress_tokens", ImmutableSet.of("[]"))
          .put("begin_suppress_tokens", ImmutableSet.of("[]"))
          .put("sequence_bias", ImmutableSet.of("{}", "[]"))
          .put("token_healing", ImmutableSet.of("false"))
          .put("guidance_scale", ImmutableSet.of("1.0", "1"))
          .put("watermarking_config", ImmutableSet.of())
          .put("penalty_alpha", ImmutableSet.of("0.0", "0"))
          .put("dola_layers", ImmutableSet.of())
          .put("diversity_penalty", ImmutableSet.of("0.0", "0"))
          .put("num_return_sequences", ImmutableSet.of("1"))
          .buildOrThrow();

  /**
   * Reads the file of a folder; without one, the defaults apply. The end tokens are its {@code
   * eos_token_id}, else that of {@code config.json}.
   *
   * @throws InvalidInputException if the file is invalid, a value is out of its range, or an end
   *     token is beyond the {@code vocab_size} of {@code config.json}
   */
  public static GenerationConfig read(Path folder) {
    return read(folder, TOP_K);
  }

  /**
   * The same with another top-k for a folder that does not set it.
   *
   * @throws InvalidInputException as {@link #read(Path)} does
   */
  public static GenerationConfig read(Path folder, int topK) {
    Path file = folder.resolve(FILE);
    ConfigJson json =
        Files.isRegularFile(file)
            ? ConfigJson.read(file).withNullsAbsent()
            : ConfigJson.of(file, JsonNodeFactory.instance.objectNode());
    Set<Integer> ends = endTokens(json, folder.resolve("config.json"));
    boolean samples = json.booleanOr("do_sample", false);
    double temperature = json.nonNegativeOr("temperature", 1);
    Sampling sampling =
        Sampling.greedy()
            .temperature(samples ? temperature : 0)
            .topK(count(json, "top_k", topK))
            .topP(Math.max(Double.MIN_NORMAL, portion(json, "top_p", 1))) // 0 keeps one token there
            .minP(portion(json, "min_p", 0))
            .repetitionPenalty(repetitionPenalty(json))
            .noRepeatNgramSize(count(json, "no_repeat_ngram_size", 0))
            .minNewTokens(count(json, "min_new_tokens", 0))
            .endTokens(ends);
    return new GenerationConfig(
        sampling,
        temperature,
        limit(json, "max_new_tokens"),
        limit(json, "max_length"),
        json.has("min_new_tokens") ? 0 : count(json, "min_length", 0),
        stopStrings(json),
        warnings(json));
  }

  private static Set<Integer> endTokens(ConfigJson json, Path configFile) {
    boolean modelIsThere = Files.isRegularFile(configFile);
    ConfigJson config = modelIsThere ? ConfigJson.read(configFile) : json;
    ConfigJson from = json.intOrInts(END).isEmpty() ? config : json;
    int vocabularySize =
        modelIsThere ? config.positiveIntOr("vocab_size", Integer.MAX_VALUE) : Integer.MAX_VALUE;
    List<Integer> ends = from.intOrInts(END);
    if (ends.stream().anyMatch(it -> it >= vocabularySize)) {
      throw from.unexpected(
          END,
          String.format(
              Locale.ROOT,
              "token ids from 0 to %d, since the vocabulary has %d tokens",
              vocabularySize - 1,
              vocabularySize));
    }
    return ends.stream().filter(it -> it >= 0).collect(toImmutableSet()); // −1 stands for none
  }

  /** The same with the tokenizer's end token too, which completions are trained to end with. */
  public GenerationConfig withEndOf(Tokenizer tokenizer) {
    int[] end = tokenizer.encodeWritten(List.of(tokenizer.endOfSequence())).get(0);
    if (end.length != 1) {
      return this;
    }
    Set<Integer> ends = new TreeSet<>(sampling.endTokens());
    ends.add(end[0]);
    return sampling(sampling.endTokens(ends));
  }

  /** The same with another way of choosing tokens. */
  public GenerationConfig sampling(Sampling other) {
    requireNonNull(other, "other");
    return new GenerationConfig(
        other, temperature, maxNewTokens, maxLength, minLength, stopStrings, warnings);
  }

  /** The same with a maximum number of new tokens, which replaces {@code maxLength}. */
  public GenerationConfig maxNewTokens(int tokens) {
    return new GenerationConfig(
        sampling,
        temperature,
        OptionalInt.of(tokens),
        OptionalInt.empty(),
        minLength,
        stopStrings,
        warnings);
  }

  /** The same with other stop strings. */
  public GenerationConfig stopStrings(List<String> others) {
    requireNonNull(others, "others");
    return new GenerationConfig(
        sampling,
        temperature,
        maxNewTokens,
        maxLength,
        minLength,
        ImmutableList.copyOf(others),
        warnings);
  }

  /**
   * The settings for a prompt. The maximum number of new tokens is {@code maxNewTokens}, else what
   * the prompt leaves of {@code maxLength}, else 256.
   *
   * @param tokens the length of the prompt
   * @throws IllegalArgumentException if the prompt leaves nothing of {@code maxLength}
   */
  public Sampling forPrompt(int tokens) {
    int left = maxLength.orElse(Integer.MAX_VALUE) - tokens;
    if (maxNewTokens.isEmpty() && left < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "the prompt has %d tokens, but 'max_length' in %s is %d, with the completion",
              tokens,
              FILE,
              maxLength.orElse(0)));
    }
    int most = maxNewTokens.orElse(maxLength.isPresent() ? left : sampling.maxNewTokens());
    int least = Math.min(most, Math.max(sampling.minNewTokens(), minLength - tokens));
    return sampling.maxNewTokens(most).minNewTokens(least);
  }

  private static int count(ConfigJson json, String key, int fallback) {
    int count = json.intOr(key, fallback);
    if (count < 0) {
      throw json.unexpected(key, "a whole number ≥ 0");
    }
    return count;
  }

  private static double portion(ConfigJson json, String key, double fallback) {
    double portion = json.doubleOr(key, fallback);
    if (portion < 0 || portion > 1) {
      throw json.unexpected(key, "a number in [0, 1]");
    }
    return portion;
  }

  private static double repetitionPenalty(ConfigJson json) {
    String key = "repetition_penalty";
    double penalty = json.doubleOr(key, 1);
    if (penalty < Sampling.MIN_REPETITION_PENALTY || penalty > Sampling.MAX_REPETITION_PENALTY) {
      throw json.unexpected(key, "a number in [0.001, 1000]");
    }
    return penalty;
  }

  private static OptionalInt limit(ConfigJson json, String key) {
    return json.has(key) ? OptionalInt.of(json.limitOr(key, 1)) : OptionalInt.empty();
  }

  private static ImmutableList<String> stopStrings(ConfigJson json) {
    String key = "stop_strings";
    JsonNode value = json.json().path(key);
    List<String> strings = value.isTextual() ? List.of(value.textValue()) : json.strings(key);
    if (strings.contains("")) {
      throw json.unexpected(key, "texts that are not empty");
    }
    return ImmutableList.copyOf(strings);
  }

  private static ImmutableList<String> warnings(ConfigJson json) {
    ImmutableList.Builder<String> warnings = ImmutableList.builder();
    for (Map.Entry<String, JsonNode> entry : json.json().properties()) {
      ImmutableSet<String> harmless = UNSUPPORTED.get(entry.getKey());
      JsonNode value = entry.getValue();
      if (harmless != null && !value.isNull() && !harmless.contains(value.toString())) {
        warnings.add(
            json.file()
                + ": key '"
                + entry.getKey()
                + "' is not supported and not used; it is "
                + json.shown(entry.getKey()));
      }
    }
    return warnings.build();
  }
}
