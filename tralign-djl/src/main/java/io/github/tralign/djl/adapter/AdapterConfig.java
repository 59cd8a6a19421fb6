package io.github.tralign.djl.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The {@code adapter_config.json} of a LoRA adapter (Hu et al., arXiv 2106.09685) as PEFT reads it.
 * Whatever would change the adapted model in another way than by its matrices A and B is rejected.
 */
public final class AdapterConfig {

  private static final String RANK = "r";
  private static final String ALPHA = "lora_alpha";
  private static final String RANKS = "rank_pattern";
  private static final String ALPHAS = "alpha_pattern";
  private static final String SAVED = TargetModules.SAVED;
  private static final String INIT = "init_lora_weights";

  /** Keys that do not affect a trained adapter's values. */
  private static final ImmutableSet<String> WITHOUT_EFFECT =
      ImmutableSet.of(
          "task_type",
          "auto_mapping",
          "peft_version",
          "base_model_name_or_path",
          "revision",
          "inference_mode",
          "megatron_core",
          "qalora_group_size",
          "runtime_config",
          "lora_dropout",
          "fan_in_fan_out", // PEFT corrects it by the kind of the module
          "ensure_weight_tying",
          "eva_config");

  private static final ImmutableSet<String> READ =
      ImmutableSet.of(
          "peft_type",
          RANK,
          ALPHA,
          "use_rslora",
          "bias",
          INIT,
          RANKS,
          ALPHAS,
          SAVED,
          TargetModules.TARGETS,
          TargetModules.EXCLUDED,
          TargetModules.LAYERS,
          TargetModules.LAYERS_PATTERN);

  /** Initializations that leave the base model as it is. */
  private static final ImmutableSet<String> PLAIN_STARTS =
      ImmutableSet.of("true", "false", "gaussian", "eva", "orthogonal", "mica");

  private final ConfigJson config;
  private final TargetModules targets;
  private final int rank;
  private final double alpha;
  private final boolean rankStabilized;
  private final Map<Pattern, Integer> ranks;
  private final Map<Pattern, Double> alphas;
  private final List<String> saved;

  /** The settings in an object that was made in memory. */
  public static AdapterConfig of(ConfigJson config) {
    return new AdapterConfig(config);
  }

  private AdapterConfig(ConfigJson config) {
    this.config = config;
    if (!config.stringOr("peft_type", "").equals("LORA")) {
      throw config.unexpected("peft_type", "LORA");
    }
    rank = config.positiveIntOr(RANK, 8);
    alpha = config.doubleOr(ALPHA, 8);
    rankStabilized = config.booleanOr("use_rslora", false);
    ranks =
        ModulePatterns.of(
            config,
            RANKS,
            "a whole number > 0",
            it -> it.isInt() && it.intValue() > 0,
            JsonNode::intValue);
    alphas =
        ModulePatterns.of(config, ALPHAS, "a number", JsonNode::isNumber, JsonNode::doubleValue);
    saved = config.strings(SAVED);
    if (saved.contains("")) {
      throw config.unexpected(SAVED, "names that are not empty");
    }
    targets = TargetModules.of(config, saved);
    checkBias();
    checkStart();
    checkOthers();
  }

  /**
   * Reads a config.
   *
   * @throws InvalidInputException if it cannot be read, is not that of a LoRA adapter, or has a
   *     setting that is not supported
   */
  public static AdapterConfig read(Path file) {
    return new AdapterConfig(ConfigJson.read(file).requiredBy("a LoRA adapter"));
  }

  private void checkBias() {
    if (config.has("bias") && !config.requiredString("bias").equals("none")) {
      throw config.unexpected("bias", "none, since the base model's biases must not change");
    }
  }

  private void checkStart() {
    JsonNode start = config.json().path(INIT);
    if (config.has(INIT) && !PLAIN_STARTS.contains(start.asText())) {
      throw config.unexpected(
          INIT,
          "one of true, false, gaussian, eva, orthogonal, mica: others change the base model, so the"
              + " adapter does not fit the original one unless it was converted when it was saved");
    }
  }

  /** A key that is not known, or not supported, must have no effect. */
  private void checkOthers() {
    for (Map.Entry<String, JsonNode> entry : config.json().properties()) {
      String key = entry.getKey();
      JsonNode value = entry.getValue();
      boolean off = value.isNull() || value.isContainerNode() && value.isEmpty();
      if (value.isBoolean()) {
        off = !value.booleanValue();
      }
      if (!READ.contains(key) && !WITHOUT_EFFECT.contains(key) && !off) {
        throw config.unexpected(key, "null or false, since it is not supported");
      }
    }
  }

  /** Whether all matrices in the layers are chosen by {@code all-linear}, not by names. */
  public boolean targetsAll() {
    return targets.areAll();
  }

  /** Which modules have matrices A and B. */
  TargetModules targets() {
    return targets;
  }

  /** Whether a module, or one that it is inside of, is replaced as a whole. */
  boolean replaces(String module) {
    return saved.stream().anyMatch(it -> replaces(it, module));
  }

  /** Whether a name, as the end of a path, replaces a module or one that it is inside of. */
  static boolean replaces(String name, String module) {
    for (int end = module.length(); end > 0; end = module.lastIndexOf('.', end - 1)) {
      if (module.substring(0, end).endsWith(name)) {
        return true;
      }
    }
    return false;
  }

  /** The names of the modules that are replaced as a whole. */
  List<String> saved() {
    return saved;
  }

  /** The rank of a module's matrices. */
  int rank(String module) {
    return ModulePatterns.find(ranks, module).orElse(rank);
  }

  /**
   * The factor of the product B·A: α/r, or α/√r if it is rank-stabilized (Kalajdzievski, arXiv
   * 2312.03732).
   */
  double scaling(String module) {
    int its = rank(module);
    return ModulePatterns.find(alphas, module).orElse(alpha)
        / (rankStabilized ? Math.sqrt(its) : its);
  }

  /** The model that the adapter was trained for: a folder or a name, if it is given. */
  Optional<String> baseModel() {
    String key = "base_model_name_or_path";
    return config.has(key) ? Optional.of(config.requiredString(key)) : Optional.empty();
  }

  /** The object with the settings. */
  public ConfigJson json() {
    return config;
  }
}
