package io.github.tralign.djl;

import static com.google.common.collect.ImmutableMap.toImmutableMap;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.huggingface.Dtype;
import io.github.tralign.djl.huggingface.Nf4Tensor;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The {@code quantization_config} of a {@code config.json}, compared with the tensors. These alone
 * determine what is decoded here, but other programs follow the config: one that contradicts the
 * tensors belongs to another model, or makes other programs compute other numbers.
 */
record QuantizationConfig(ConfigJson config) {

  /** The key of the config. */
  static final String KEY = "quantization_config";

  private static final String METHOD = "quant_method";
  private static final String IN_4_BITS = "load_in_4bit";
  private static final String IN_8_BITS = "load_in_8bit";
  private static final String TYPE = "bnb_4bit_quant_type";
  private static final String DOUBLE = "bnb_4bit_use_double_quant";
  private static final String STORAGE = "bnb_4bit_quant_storage";
  private static final String SKIPPED = "llm_int8_skip_modules";

  /** PyTorch's names of the types that bytes of two values can be stored as. */
  private static final ImmutableMap<Dtype, String> STORAGES =
      ImmutableMap.of(
          Dtype.U8, "uint8",
          Dtype.I8, "int8",
          Dtype.F16, "float16",
          Dtype.BF16, "bfloat16",
          Dtype.F32, "float32",
          Dtype.F64, "float64");

  /**
   * Checks a model with tensors in 4 bits.
   *
   * @param quantized the tensors in 4 bits, by name
   * @param others the names of the other matrices in the layers
   * @throws InvalidInputException that names the file and the key that contradicts a tensor
   */
  static void check(ConfigJson config, Map<String, Nf4Tensor> quantized, Set<String> others) {
    if (!quantized.isEmpty()) {
      config.object(KEY).map(QuantizationConfig::new).ifPresent(it -> it.check(quantized, others));
    }
  }

  private void check(Map<String, Nf4Tensor> quantized, Set<String> others) {
    String first = quantized.keySet().iterator().next();
    String nf4 = "since '" + first + "' is quantized to 4 bits (nf4) by bitsandbytes";
    require(METHOD, "bitsandbytes", nf4);
    require(TYPE, "nf4", nf4);
    require(IN_4_BITS, true, nf4);
    require(IN_8_BITS, false, nf4);
    quantized.forEach(
        (name, tensor) -> {
          require(
              DOUBLE,
              tensor.scalesAreQuantized(),
              "since the scales of '"
                  + name
                  + "' are "
                  + (tensor.scalesAreQuantized() ? "quantized too" : "not quantized"));
          String storage = STORAGES.getOrDefault(tensor.storage(), "no such type");
          require(STORAGE, storage, "since '" + name + "' is stored so");
        });
    Map<String, Pattern> skipped =
        config.strings(SKIPPED).stream()
            .distinct()
            .collect(toImmutableMap(it -> it, QuantizationConfig::pattern));
    for (String name : quantized.keySet()) {
      if (skips(skipped, module(name))) {
        throw config.unexpected(SKIPPED, "modules that are not quantized; '" + name + "' is");
      }
    }
    for (String name : others) {
      if (!skips(skipped, module(name))) {
        throw config.unexpected(
            SKIPPED,
            "all modules of layers that are not quantized, such as '"
                + module(name)
                + "', since other matrices are");
      }
    }
  }

  private void require(String key, String value, String reason) {
    if (config.has(key) && !config.requiredString(key).equals(value)) {
      throw config.unexpected(key, value + ", " + reason);
    }
  }

  private void require(String key, boolean value, String reason) {
    if (config.has(key) && config.booleanOr(key, value) != value) {
      throw config.unexpected(key, value + ", " + reason);
    }
  }

  /** As transformers matches: the beginning of a path up to a dot, an expression for it, an end. */
  private static boolean skips(Map<String, Pattern> skipped, String module) {
    return skipped.entrySet().stream()
        .anyMatch(it -> module.endsWith(it.getKey()) || it.getValue().matcher(module).lookingAt());
  }

  private static Pattern pattern(String name) {
    String boundary = "(?:(?<=\\.)|(?=\\.|$))";
    try {
      return Pattern.compile("(?:" + name + ")" + boundary);
    } catch (PatternSyntaxException e) {
      return Pattern.compile(Pattern.quote(name) + boundary);
    }
  }

  private static String module(String tensor) {
    return tensor.substring(0, tensor.lastIndexOf('.'));
  }
}
