package io.github.tralign.djl;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.djl.huggingface.InvalidKeyException;
import java.util.List;

/**
 * Settings of a fresh LoRA adapter (Hu et al., arXiv 2106.09685): each chosen matrix W [out, in] of
 * the model is frozen, and {@code W + α/r · B·A} takes its place, with A [r, in] and B [out, r]
 * trained. A is drawn from a uniform distribution in ±1/√in and B is zero, as in PEFT, so that the
 * adapted model begins as the base model.
 *
 * <pre>{@code
 * DjlPolicy.from(folder).adapter(Adapter.lora(16).alpha(32)).load()
 * }</pre>
 */
public final class Adapter {

  private static final String TARGETS = "target_modules";
  private static final String SAVED = "modules_to_save";

  /** The names of the methods here that set a key. */
  private static final ImmutableMap<String, String> SETTINGS =
      ImmutableMap.of(
          "r",
          "rank",
          "rank_pattern",
          "rank",
          "lora_alpha",
          "alpha",
          "alpha_pattern",
          "alpha",
          TARGETS,
          "targets",
          "exclude_modules",
          "exclude",
          "layers_to_transform",
          "layers",
          SAVED,
          "modulesToSave");

  private final ObjectNode config;
  private long seed;

  private Adapter(int rank) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    config = json.objectNode();
    config.set("alpha_pattern", json.objectNode());
    config.putNull("base_model_name_or_path");
    config.put("bias", "none");
    config.putNull("exclude_modules");
    config.put("fan_in_fan_out", false);
    config.put("inference_mode", true);
    config.put("init_lora_weights", true);
    config.putNull("layers_pattern");
    config.putNull("layers_to_transform");
    config.put("lora_alpha", (double) rank);
    config.put("lora_dropout", 0.0);
    config.putNull(SAVED);
    config.put("peft_type", "LORA");
    config.put("r", rank);
    config.set("rank_pattern", json.objectNode());
    config.put(TARGETS, "all-linear");
    config.put("task_type", "CAUSAL_LM");
    config.put("use_dora", false);
    config.put("use_rslora", false);
  }

  /**
   * An adapter of the given rank r ≥ 1 with α = r, of all matrices in the layers.
   *
   * @param rank the number of rows of A and of columns of B
   */
  public static Adapter lora(int rank) {
    checkArgument(rank >= 1, "the rank must be at least 1, not %s", rank);
    return new Adapter(rank);
  }

  /** Sets α, a finite number > 0; the scaling is α/r. Default: the rank. */
  public Adapter alpha(double alpha) {
    checkArgument(
        alpha > 0 && Double.isFinite(alpha), "alpha must be a finite number > 0, not %s", alpha);
    config.put("lora_alpha", alpha);
    return this;
  }

  /**
   * Sets whether the scaling is α/√r instead of α/r (rsLoRA; Kalajdzievski, arXiv 2312.03732).
   * Default false.
   */
  public Adapter rankStabilized(boolean rankStabilized) {
    config.put("use_rslora", rankStabilized);
    return this;
  }

  /**
   * Sets the matrices by the names of their modules: whole paths, or their ends after a dot, such
   * as {@code q_proj}. Default: all matrices in the layers.
   */
  public Adapter targets(List<String> names) {
    checkArgument(!requireNonNull(names, "names").isEmpty(), "targets must not be empty");
    put(TARGETS, names);
    return this;
  }

  /**
   * Sets the matrices by a regular expression for the whole path of their modules, or by {@code
   * all-linear}, which means all matrices in the layers.
   */
  public Adapter targets(String expression) {
    config.put(TARGETS, requireNonNull(expression, "expression"));
    return this;
  }

  /** Excludes modules, by names as in {@link #targets(List)}. Default: none. */
  public Adapter exclude(List<String> names) {
    put("exclude_modules", requireNonNull(names, "names"));
    return this;
  }

  /**
   * Sets the numbers of the layers, from 0, that have adapters, for {@link #targets(List)} only: an
   * expression has them in its paths. Default: all.
   */
  public Adapter layers(List<Integer> layers) {
    ArrayNode array = config.putArray("layers_to_transform");
    requireNonNull(layers, "layers").forEach(array::add);
    return this;
  }

  /**
   * Sets the rank of the modules that a regular expression matches at the end of their paths, after
   * a dot or the beginning. The first expression that matches wins.
   */
  public Adapter rank(String expression, int rank) {
    checkArgument(rank >= 1, "the rank must be at least 1, not %s", rank);
    config.withObject("/rank_pattern").put(requireNonNull(expression, "expression"), rank);
    return this;
  }

  /** Sets α of the modules that a regular expression matches, as in {@link #rank}. */
  public Adapter alpha(String expression, double alpha) {
    checkArgument(
        alpha > 0 && Double.isFinite(alpha), "alpha must be a finite number > 0, not %s", alpha);
    config.withObject("/alpha_pattern").put(requireNonNull(expression, "expression"), alpha);
    return this;
  }

  /**
   * Sets modules that are trained as a whole beside the matrices A and B, such as {@code norm} or
   * {@code lm_head}: copies of all their weights, which the saved adapter has in full. As in PEFT,
   * a module is chosen by the end of its path, so that {@code norm} chooses {@code input_layernorm}
   * too. Neither the embedding nor the head of a model that ties both can be among them. Default:
   * none.
   */
  public Adapter modulesToSave(List<String> names) {
    put(SAVED, requireNonNull(names, "names"));
    return this;
  }

  /** Sets the random seed of the matrices A. Default 0. */
  public Adapter seed(long seed) {
    this.seed = seed;
    return this;
  }

  private void put(String key, List<String> names) {
    ArrayNode array = config.putArray(key);
    names.forEach(array::add);
  }

  /** The same error as one of the method here that sets the key. */
  static InvalidSettingException invalid(InvalidKeyException e) {
    String key = e.key().replaceFirst("\\..*", "");
    String setting = SETTINGS.getOrDefault(key, key);
    return new InvalidSettingException(setting, "the adapter's " + setting + " " + e.problem());
  }

  /** The settings as PEFT's {@code adapter_config.json}. */
  ObjectNode config() {
    return config.deepCopy();
  }

  long seed() {
    return seed;
  }
}
