package io.github.tralign.djl.model;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The kind of each layer, as {@code layer_types} gives it.
 *
 * @param sliding for each layer, 1 if it attends to a sliding window and 0 if to all tokens
 */
record LayerTypes(ImmutableIntArray sliding) {

  /** The name of layers that attend to all tokens. */
  static final String FULL = "full_attention";

  /** The name of layers that attend to a sliding window. */
  static final String SLIDING = "sliding_attention";

  static final ImmutableSet<String> ALL = ImmutableSet.of(FULL, SLIDING);

  private static final String KEY = "layer_types";

  /**
   * Reads {@code layer_types}.
   *
   * @param slidesByDefault which layers, counted from 0, have a window if the key is absent or null
   */
  static LayerTypes of(ConfigJson config, IntPredicate slidesByDefault) {
    int layers = Architecture.layers(config);
    IntPredicate slides = slidesByDefault;
    if (config.has(KEY)) {
      List<String> types = config.strings(KEY);
      if (types.size() != layers || !ALL.containsAll(types)) {
        throw config.unexpected(
            KEY,
            "for each of "
                + Architecture.layersKey(config)
                + " "
                + layers
                + " one of "
                + String.join(", ", ALL));
      }
      slides = layer -> types.get(layer).equals(SLIDING);
    }
    IntPredicate chosen = slides;
    return new LayerTypes(
        ImmutableIntArray.copyOf(
            IntStream.range(0, layers).map(layer -> chosen.test(layer) ? 1 : 0)));
  }

  boolean anySlides() {
    return sliding.contains(1);
  }

  /** One number for full layers and another for sliding ones, by layer. */
  ImmutableIntArray choose(int full, int slides) {
    return ImmutableIntArray.copyOf(sliding.stream().map(it -> it == 1 ? slides : full));
  }
}
