package io.github.tralign.djl.model;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * Reads the sliding windows of a family's layers, in the form of {@link DecoderSpec#windowOfLayer}.
 * A window of at least the model's longest sequence has no effect and is left out.
 */
final class SlidingWindow {

  private static final String WINDOW = "sliding_window";
  private static final String USED = "use_sliding_window";

  private SlidingWindow() {}

  /**
   * The windows of the Qwen families: {@code sliding_window} has an effect only with {@code
   * use_sliding_window}, in the layers that {@code layer_types} names, or else in those from {@code
   * max_window_layers} on.
   */
  static ImmutableIntArray qwen(ConfigJson config, int maxLength) {
    int first = config.nearestIntOr("max_window_layers", 28);
    return switchedOn(config, OptionalInt.of(4096), layer -> layer >= first, maxLength);
  }

  /**
   * The windows of a family with the key {@code use_sliding_window}.
   *
   * @param ifAbsent the window if {@code sliding_window} is absent
   * @param slides which layers have a window if there is no {@code layer_types}
   */
  static ImmutableIntArray switchedOn(
      ConfigJson config, OptionalInt ifAbsent, IntPredicate slides, int maxLength) {
    boolean used = config.booleanOr(USED, false);
    if (!used && config.has(WINDOW)) {
      config.nearestIntOr(WINDOW, 0); // transformers checks its type, but uses no value
    }
    OptionalInt window = used ? window(config, ifAbsent) : OptionalInt.empty();
    LayerTypes types = LayerTypes.of(config, layer -> window.isPresent() && slides.test(layer));
    if (types.anySlides() && window.isEmpty()) {
      throw config.unexpected(
          "layer_types", "full_attention only, unless " + USED + " is true and " + WINDOW + " set");
    }
    return types.choose(0, effective(window.orElse(0), maxLength));
  }

  /** The windows of a family whose layers have the kinds that {@code types} says. */
  static ImmutableIntArray of(ConfigJson config, LayerTypes types, int ifAbsent, int maxLength) {
    OptionalInt window = window(config, OptionalInt.of(ifAbsent));
    if (types.anySlides() && window.isEmpty()) {
      throw config.unexpected(WINDOW, "a whole number > 0, since some layers have a window");
    }
    return types.choose(0, effective(window.orElse(0), maxLength));
  }

  /**
   * The windows of a family that has the same one in all layers, or none if it is null. {@code
   * layer_types} must agree.
   *
   * @param ifAbsent the window if {@code sliding_window} is absent
   */
  static ImmutableIntArray inAllLayers(ConfigJson config, OptionalInt ifAbsent, int maxLength) {
    OptionalInt window = window(config, ifAbsent);
    boolean slides = window.isPresent();
    LayerTypes types = LayerTypes.of(config, layer -> slides);
    if (types.sliding().contains(slides ? 0 : 1)) {
      throw config.unexpected(
          "layer_types",
          (slides ? LayerTypes.SLIDING : LayerTypes.FULL) + " only, as " + WINDOW + " says");
    }
    return types.choose(0, effective(window.orElse(0), maxLength));
  }

  /** A window in tokens, or 0 if no sequence is longer. */
  static int effective(int window, int maxLength) {
    return window >= maxLength ? 0 : window;
  }

  /** The window in tokens; empty if it is null. */
  static OptionalInt window(ConfigJson config, OptionalInt ifAbsent) {
    if (!config.contains(WINDOW)) {
      return ifAbsent;
    }
    return config.has(WINDOW) ? OptionalInt.of(config.limitOr(WINDOW, 0)) : OptionalInt.empty();
  }
}
