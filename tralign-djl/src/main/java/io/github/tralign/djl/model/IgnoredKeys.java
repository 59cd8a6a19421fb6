package io.github.tralign.djl.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.util.function.Predicate;

/**
 * Config keys that do not affect the computation, but whose types transformers checks: it would not
 * load a saved model with an invalid one.
 */
final class IgnoredKeys {

  private static final ImmutableSet<String> WHOLE_OR_NULL =
      ImmutableSet.of("bos_token_id", "pad_token_id", "pretraining_tp");

  /** Numbers, with the families in which they are not null. */
  private static final ImmutableMap<String, ImmutableSet<String>> NUMBERS =
      ImmutableMap.<String, ImmutableSet<String>>builder()
          .put(
              "attention_dropout",
              ImmutableSet.of(
                  "gemma",
                  "gpt_neox",
                  "granite",
                  "ministral",
                  "mistral",
                  "olmo2",
                  "olmo3",
                  "phi3",
                  "qwen2",
                  "qwen3",
                  "smollm3",
                  "stablelm",
                  "starcoder2"))
          .put("embedding_dropout", ImmutableSet.of("starcoder2"))
          .put("hidden_dropout", ImmutableSet.of("gpt_neox", "stablelm"))
          .put("residual_dropout", ImmutableSet.of("starcoder2"))
          .put("classifier_dropout", ImmutableSet.of("gpt_neox"))
          .put("attn_pdrop", ImmutableSet.of("gpt2"))
          .put("embd_pdrop", ImmutableSet.of("gpt2", "phi3"))
          .put("resid_pdrop", ImmutableSet.of("gpt2", "phi3"))
          .put("summary_first_dropout", ImmutableSet.of("gpt2"))
          .buildOrThrow();

  private static final ImmutableSet<String> BOOLEANS =
      ImmutableSet.of("use_cache", "is_decoder", "is_encoder_decoder");

  private IgnoredKeys() {}

  /**
   * Checks the types of the values that are present.
   *
   * @throws InvalidInputException if one is invalid
   */
  static void check(ConfigJson config) {
    for (String key : WHOLE_OR_NULL) {
      check(config, key, it -> it.isIntegralNumber() || it.isNull(), "a whole number or null");
    }
    String family = config.requiredString("model_type");
    NUMBERS.forEach(
        (key, families) -> {
          boolean orNull = !families.contains(family);
          check(
              config,
              key,
              it -> it.isNumber() || orNull && it.isNull(),
              orNull ? "a number or null" : "a number");
        });
    for (String key : BOOLEANS) {
      check(config, key, JsonNode::isBoolean, "true or false");
    }
    config.intOrInts("eos_token_id");
    if (config.has("layer_types")) {
      LayerTypes.of(config, layer -> false);
    }
  }

  private static void check(
      ConfigJson config, String key, Predicate<JsonNode> right, String expected) {
    if (config.contains(key) && !right.test(config.json().get(key))) {
      throw config.unexpected(key, expected);
    }
  }
}
