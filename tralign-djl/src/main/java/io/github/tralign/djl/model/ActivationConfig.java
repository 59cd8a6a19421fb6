package io.github.tralign.djl.model;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.huggingface.ConfigJson;
import io.github.tralign.djl.model.DecoderSpec.Activation;

/** Reads the name of an activation function, of which transformers has several for the same one. */
final class ActivationConfig {

  private static final ImmutableMap<String, Activation> BY_NAME =
      ImmutableMap.<String, Activation>builder()
          .put("silu", Activation.SILU)
          .put("swish", Activation.SILU)
          .put("gelu", Activation.GELU)
          .put("gelu_python", Activation.GELU)
          .put("gelu_new", Activation.GELU_TANH)
          .put("gelu_fast", Activation.GELU_TANH)
          .put("gelu_pytorch_tanh", Activation.GELU_TANH)
          .put("gelu_python_tanh", Activation.GELU_TANH)
          .put("gelu_accurate", Activation.GELU_TANH)
          .buildOrThrow();

  private ActivationConfig() {}

  /**
   * The activation function under {@code key}.
   *
   * @param fallback its name if the config has none
   * @throws InvalidInputException if it is not supported
   */
  static Activation of(ConfigJson config, String key, String fallback) {
    Activation activation = BY_NAME.get(config.stringOr(key, fallback));
    if (activation == null) {
      throw config.unexpected(key, "one of gelu, gelu_new, gelu_fast, gelu_pytorch_tanh, silu");
    }
    return activation;
  }
}
