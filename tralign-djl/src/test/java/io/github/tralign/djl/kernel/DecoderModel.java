package io.github.tralign.djl.kernel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import io.github.tralign.djl.model.DecoderSpec;
import io.github.tralign.djl.model.DecoderSpec.Norm;
import io.github.tralign.djl.model.Rotary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A small decoder of random weights in double precision: what it computes, and its gradients. */
final class DecoderModel {

  private static final int HIDDEN = 6;
  private static final int INNER = 10;
  static final int SIZE = 4; // of a head
  static final int LAYERS = 3;

  /** A prompt of 3 tokens with two completions, and another sequence. */
  private static final long[][] ATTENDED = {{0, 5, 0, 5}, {5, 3, 5, 3}, {5, 3, 0, 3}, {8, 4, 8, 4}};

  private static final long[] POSITIONS = {0, 1, 2, 3, 4, 3, 4, 5, 0, 1, 2, 3};
  private static final long[] PREDICTING = {2, 3, 4, 2, 5, 6, 9, 10};

  private final NDManager manager;
  private final Random random;
  private final List<Map<String, NDArray>> layers = new ArrayList<>();
  private final Map<String, NDArray> outside = new TreeMap<>();
  private final Kernels kernels;
  private final List<NDArray> tables = new ArrayList<>();
  private final NDArray positions;
  private final NDArray predicting;
  private final List<NDArray> attended;

  /**
   * Draws the weights.
   *
   * @param attention the parts that give queries, keys and values
   * @param norms the norms of a layer
   * @param mlp the parts of the MLP; with + a part has a bias, with ᵀ it is stored as [in, out]
   */
  DecoderModel(
      NDManager manager,
      Random random,
      DecoderSpec spec,
      String attention,
      String norms,
      String mlp) {
    this.manager = manager;
    this.random = random;
    for (int i = 0; i < LAYERS; i++) {
      layers.add(layer(spec.heads(), spec.keyValueHeads(), attention, norms, mlp));
    }
    add(outside, spec.norm() == Norm.LAYER ? "final_norm+" : "final_norm", HIDDEN);
    positions = manager.create(POSITIONS);
    predicting = manager.create(PREDICTING);
    kernels = new Kernels(manager, texts(spec), spec);
    attended = Attention.attended(ATTENDED, POSITIONS, spec, manager);
    for (Rotary rotary : spec.rotaries()) {
      Shape shape = new Shape(6, rotary.rotated());
      tables.add(manager.create(doubles(rotary.cosines(6, false)), shape));
      tables.add(manager.create(doubles(rotary.sines(6, false)), shape));
    }
  }

  List<Map<String, NDArray>> layers() {
    return layers;
  }

  /** The parameters that belong to no layer. */
  Map<String, NDArray> outside() {
    return outside;
  }

  /** A random input, and a random slope of the objective at each output. */
  NDArray input() {
    return normal(1, POSITIONS.length, HIDDEN);
  }

  NDArray slope() {
    return normal(1, PREDICTING.length, HIDDEN);
  }

  /** Adds LoRA adapters to four parts of each layer, of which q, k and v are one. */
  void adapt() {
    for (Map<String, NDArray> layer : layers) {
      adapt(layer, "qkv", 32, HIDDEN);
      adapt(layer, "o", HIDDEN, 16);
      adapt(layer, "gate", INNER, HIDDEN);
      adapt(layer, "down", HIDDEN, INNER);
    }
  }

  /** Sets the values of a parameter or an input. */
  void fill(NDArray array, double[] values) {
    kernels.run("fill", manager.create(values), array, 0);
  }

  double objective(NDArray x, NDArray slope) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray hidden = forward(scope, x, 0, LAYERS).array();
      double sum = 0;
      double[] h = hidden.toDoubleArray();
      double[] s = slope.toDoubleArray();
      for (int i = 0; i < h.length; i++) {
        sum += h[i] * s[i];
      }
      return sum;
    }
  }

  Gradients gradients(NDArray x, NDArray slope, int keep, int lowest, Predicate<String> trained) {
    List<Map<String, NDArray>> gradients = new ArrayList<>();
    for (int i = 0; i < LAYERS; i++) {
      gradients.add(i < lowest ? Map.of() : zeros(layers.get(i), trained));
    }
    Map<String, NDArray> outer = zeros(outside, trained);
    NDArray input =
        kernels.call(
            manager,
            "decoder_backward",
            slope.duplicate(), // its place may be taken
            forward(manager, x, keep, lowest).rest(),
            layers,
            outside,
            gradients,
            outer,
            tables,
            positions,
            predicting,
            attended,
            lowest == 0);
    return new Gradients(gradients, outer, input);
  }

  private Kernels.Kept forward(NDManager scope, NDArray x, int keep, int lowest) {
    return kernels.callKeeping(
        scope,
        "decoder",
        x,
        layers,
        outside,
        tables,
        positions,
        predicting,
        attended,
        keep,
        lowest);
  }

  private Map<String, NDArray> zeros(Map<String, NDArray> like, Predicate<String> trained) {
    Map<String, NDArray> zeros = new TreeMap<>();
    like.forEach(
        (name, array) -> {
          if (trained.test(name)) {
            zeros.put(name, array.zerosLike());
          }
        });
    return zeros;
  }

  /** Gradients: of each layer's parameters, of those outside, and at the input. */
  record Gradients(List<Map<String, NDArray>> layers, Map<String, NDArray> outside, NDArray input) {

    List<List<Double>> values() {
      return Stream.concat(
              Stream.concat(layers.stream(), Stream.of(outside))
                  .flatMap(it -> it.values().stream()),
              Stream.of(input))
          .map(it -> Doubles.asList(it.toDoubleArray()))
          .toList();
    }
  }

  private void adapt(Map<String, NDArray> layer, String part, long out, long in) {
    layer.put(part + ".lora_a", normal(0.5, 2, in));
    layer.put(part + ".lora_b", normal(0.5, out, 2));
    layer.put(part + ".lora_scale", manager.create(0.7));
  }

  private Map<String, NDArray> layer(
      int heads, int keyHeads, String attention, String norms, String mlp) {
    Map<String, NDArray> layer = new TreeMap<>();
    long queries = (long) heads * SIZE;
    long keys = (long) keyHeads * SIZE;
    for (String part : attention.split(" ")) {
      switch (part.replaceAll("[+ᵀ]", "")) {
        case "qkv", "interleaved" ->
            add(layer, part.replace("interleaved", "qkv"), queries + 2 * keys, HIDDEN);
        case "q" -> add(layer, part, queries, HIDDEN);
        case "k", "v" -> add(layer, part, keys, HIDDEN);
        case "heads" -> {
          add(layer, "q_norm", SIZE);
          add(layer, "k_norm", SIZE);
        }
        case "own" -> {
          for (int head = 0; head < heads; head++) {
            add(layer, "q_norm." + head, SIZE);
          }
          for (int head = 0; head < keyHeads; head++) {
            add(layer, "k_norm." + head, SIZE);
          }
        }
        case "whole" -> {
          add(layer, "q_norm", queries);
          add(layer, "k_norm", keys);
        }
        default -> throw new IllegalArgumentException(part);
      }
    }
    add(layer, "o", HIDDEN, queries);
    for (String part : norms.split(" ")) {
      add(layer, part, HIDDEN);
    }
    for (String part : mlp.split(" ")) {
      add(layer, part, part.startsWith("gate_up") ? 2 * INNER : INNER, HIDDEN);
    }
    add(layer, "down", HIDDEN, INNER);
    return layer;
  }

  /** A part's weight, and with a plus its bias. */
  private void add(Map<String, NDArray> to, String part, long... shape) {
    String name = part.replaceAll("[+ᵀ]", "");
    if (part.contains("ᵀ")) {
      to.put(name + ".transposed", normal(0.5, shape[1], shape[0]));
    } else {
      to.put(name + ".weight", normal(shape.length == 1 ? 1 : 0.5, shape));
    }
    if (part.endsWith("+")) {
      to.put(name + ".bias", normal(0.5, shape[0]));
    }
  }

  private NDArray normal(double deviation, long... shape) {
    Shape its = new Shape(shape);
    double[] values = random.doubles(its.size(), -2 * deviation, 2 * deviation).toArray();
    return manager.create(values, its);
  }

  /** In double precision, which oneDNN does not have. */
  private static List<String> texts(DecoderSpec spec) {
    return ImmutableList.<String>builder()
        .add("product", "product_fp32", "packed_fp32", "add_rows")
        .addAll(Attention.texts(Device.cpu(), Products.FP32, spec))
        .build();
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
