package io.github.tralign.djl.model;

import com.fasterxml.jackson.databind.JsonNode;
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
  private static final ImmutableSet<String> NUMBERS =
      ImmutableSet.of(
          "attention_dropout",
          "embedding_dropout",
          "hidden_dropout",
          "residual_dropout",
          "classifier_dropout",
          "attn_pdrop",
          "embd_pdrop",
          "resid_pdrop",
          "summary_first_dropout");
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
    for (String key : NUMBERS) {
      check(config, key, it -> it.isNumber() || it.isNull(), "a number or null");
    }
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
