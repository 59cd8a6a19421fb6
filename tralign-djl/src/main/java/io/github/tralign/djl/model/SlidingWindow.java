package io.github.tralign.djl.model;

import io.github.tralign.djl.huggingface.ConfigJson;
import java.util.OptionalInt;

/**
 * Sliding windows, in which a token attends to a limited number of tokens before it. They are not
 * supported, except for windows of at least the model's longest sequence, which have no effect.
 */
final class SlidingWindow {

  private static final String WINDOW = "sliding_window";
  private static final String USED = "use_sliding_window";
  private static final String LAYERS = "layer_types";

  private SlidingWindow() {}

  /**
   * Checks the keys of the Qwen families: {@code sliding_window} has an effect only with {@code
   * use_sliding_window}, in the layers that {@code layer_types} names, or else in those from {@code
   * max_window_layers} on.
   *
   * @throws InvalidInputException if a window may have an effect
   */
  static void checkQwen(ConfigJson config, int maxLength) {
    boolean used = config.booleanOr(USED, false);
    OptionalInt window = window(config);
    int first = config.intOr("max_window_layers", 28);
    boolean listed = config.has(LAYERS);
    boolean slides =
        listed
            ? config.strings(LAYERS).contains("sliding_attention")
            : used && window.isPresent() && first < Architecture.layers(config);
    if (slides && !(used && window.orElse(0) >= maxLength)) {
      throw listed
          ? config.unexpected(LAYERS, "full_attention only, " + reason(maxLength))
          : config.unexpected(USED, "false, " + reason(maxLength));
    }
  }

  /** The window in tokens, if it is not null. */
  private static OptionalInt window(ConfigJson config) {
    return config.contains(WINDOW) && !config.has(WINDOW)
        ? OptionalInt.empty()
        : OptionalInt.of(config.intOr(WINDOW, 4096));
  }

  private static String reason(int maxLength) {
    return "since windows shorter than max_position_embeddings " + maxLength + " are not supported";
  }
}
