package io.github.tralign.djl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.TokenGradient;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** Checkpoints of the ways to compute a family that no golden one has, made on the spot. */
final class Variants {

  /** A vocabulary that the head takes in more than one chunk. */
  private static final int LARGE = 5000;

  private record Variant(String like, Consumer<ObjectNode> changes) {}

  private static final Map<String, Variant> ALL =
      ImmutableMap.of(
          "made/neox-sequential-tied-no-bias",
          new Variant(
              "neox",
              it ->
                  it.put("use_parallel_residual", false)
                      .put("tie_word_embeddings", true)
                      .put("attention_bias", false)
                      .put("vocab_size", LARGE)),
          "made/llama-key-for-each-head-mlp-bias",
          new Variant(
              "llama",
              it ->
                  it.put("num_key_value_heads", 4)
                      .put("mlp_bias", true)
                      .put("tie_word_embeddings", false)
                      .put("vocab_size", LARGE)),
          "made/llama-one-key-all-biases",
          new Variant(
              "llama",
              it ->
                  it.put("num_key_value_heads", 1)
                      .put("mlp_bias", true)
                      .put("attention_bias", true)));

  private Variants() {}

  static ImmutableList<String> names() {
    return ImmutableList.copyOf(ALL.keySet());
  }

  /** Writes one below {@code folder} and gives its folder. */
  static Path write(String name, Path folder) {
    Variant variant = ALL.get(name);
    ObjectNode config = (ObjectNode) Golden.json(variant.like() + "/config.json");
    variant.changes().accept(config);
    Path target = folder.resolve(name);
    RandomCheckpoint.write(target, config, Golden.path("neox"), 1);
    try (DjlPolicy policy = Golden.on(target).threads(1).replace(true).load()) {
      stir(policy);
      policy.save(target);
    }
    return target;
  }

  /**
   * Biases of 0 and norms of 1 would hide mistakes: AdamW's first step moves every weight that has
   * a gradient by about the learning rate.
   */
  private static void stir(DjlPolicy policy) {
    PreferenceBatch batch = new PreferenceBatch(ImmutableList.copyOf(Golden.rows()));
    double[] slope = new Random(2).doubles(batch.completionTokens(), -1, 1).toArray();
    policy.accumulate(batch, scores -> TokenGradient.of(slope));
    policy.step(new OptimizerStep(0.2, Double.POSITIVE_INFINITY, AdamW.ofDefaults()));
  }
}
