package io.github.tralign.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Maps;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.model.DecoderSpec;
import io.github.tralign.djl.model.DecoderSpec.Activation;
import io.github.tralign.djl.model.DecoderSpec.Norm;
import io.github.tralign.djl.model.DecoderSpecBuilder;
import io.github.tralign.djl.model.FrequencyScaling;
import io.github.tralign.djl.model.Rotary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every part of the decoder block, alone and with others: gradients against differences in double
 * precision.
 */
class DecoderTest {

  private static final int HIDDEN = 6;
  private static final int INNER = 10;
  private static final int SIZE = 4; // of a head
  private static final int LAYERS = 3;
  private static final double DELTA = 1e-5;
  private static final double TOLERANCE = 1e-6; // of a parameter's gradient

  /** A prompt of 3 tokens with two completions, and another sequence. */
  private static final long[][] ATTENDED = {{0, 5, 0, 5}, {5, 3, 5, 3}, {5, 3, 0, 3}, {8, 4, 8, 4}};

  private static final long[] POSITIONS = {0, 1, 2, 3, 4, 3, 4, 5, 0, 1, 2, 3};
  private static final long[] PREDICTING = {2, 3, 4, 2, 5, 6, 9, 10};

  private final NDManager manager = engine().newBaseManager(Device.cpu());
  private final Random random = new Random(7);

  private static Engine engine() {
    Offline.ensure();
    return Engine.getEngine("PyTorch");
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /**
   * @param heads of queries
   * @param keyHeads of keys and values
   * @param attention the parts that give queries, keys and values
   * @param norms the norms of a layer
   * @param mlp the parts of the MLP; with + a part has a bias, with ᵀ it is stored as [in, out]
   */
  @ParameterizedTest(name = "{argumentsWithNames}")
  @CsvSource({
    "2, 2, RMS, SILU, false, 0, q k v, attention_norm mlp_norm, gate up",
    "4, 2, RMS, SILU, false, 0, q+ k+ v+, attention_norm mlp_norm, gate+ up+",
    "2, 2, LAYER, GELU, true, 0, qkv+, attention_norm+ mlp_norm+, up+",
    "2, 2, LAYER, GELU_TANH, false, 0, interleaved+, attention_norm+ mlp_norm+, up+",
    "2, 2, LAYER, GELU, true, 0, interleaved, attention_norm+ mlp_norm+, up+",
    "4, 2, RMS, SILU, false, 0, qkv, attention_norm mlp_norm, gate_up",
    "4, 2, RMS, SILU, false, 0, q k v heads, attention_norm mlp_norm, gate up",
    "4, 2, RMS, SILU, false, 0, q k v whole, attention_post_norm mlp_post_norm, gate up",
    "4, 1, RMS, GELU_TANH, false, 1, q k v heads, attention_norm attention_post_norm mlp_norm"
        + " mlp_post_norm, gate up",
    "2, 2, LAYER, SILU, true, 0, q k v, attention_norm mlp_norm, gate_up",
    "4, 2, LAYER, SILU, false, 0, q k v own, attention_norm mlp_norm, gate up",
    "4, 2, LAYER, SILU, true, 0, q+ k+ v+, attention_norm+, gate up",
    "2, 2, LAYER, GELU_TANH, false, 0, qkvᵀ+, attention_norm+ mlp_norm+, upᵀ+"
  })
  void gradients_are_those_of_differences(
      int heads,
      int keyHeads,
      Norm norm,
      Activation activation,
      boolean parallel,
      double offset,
      String attention,
      String norms,
      String mlp) {
    DecoderSpec spec =
        spec(heads, keyHeads)
            .interleaved(attention.startsWith("interleaved"))
            .parallel(parallel)
            .norm(norm)
            .normOffset(offset)
            .activation(activation)
            .build();
    check(model(spec, attention, norms, mlp));
  }

  @Test
  void gradients_with_scales_are_those_of_differences() {
    DecoderSpec spec =
        spec(4, 2)
            .norm(Norm.RMS)
            .activation(Activation.SILU)
            .residualScale(0.3)
            .scoresByLayer(true)
            .logitScale(2)
            .build();
    check(model(spec, "q k v", "attention_norm attention_post_norm mlp_norm", "gate up"));
  }

  @Test
  void gradients_with_windows_are_those_of_differences() {
    DecoderSpec spec =
        spec(4, 2)
            .norm(Norm.RMS)
            .activation(Activation.SILU)
            .scoreScale(0.8)
            .windowOfLayer(ImmutableIntArray.of(2, 0, 3))
            .build();
    check(model(spec, "q k v", "attention_norm mlp_norm", "gate up"));
  }

  @Test
  void gradients_with_capped_scores_are_those_of_differences() {
    DecoderSpec spec =
        spec(4, 2)
            .norm(Norm.RMS)
            .activation(Activation.SILU)
            .scoreCap(1.5)
            .windowOfLayer(ImmutableIntArray.of(3, 0, 0))
            .build();
    check(model(spec, "q k v", "attention_norm mlp_norm", "gate up"));
  }

  @Test
  void gradients_of_adapters_are_those_of_differences() {
    DecoderSpec spec = spec(4, 2).norm(Norm.LAYER).activation(Activation.GELU_TANH).build();
    Model model = model(spec, "qkvᵀ", "attention_norm mlp_norm", "gate up");
    for (Map<String, NDArray> layer : model.layers) {
      adapt(layer, "qkv", 32, HIDDEN);
      adapt(layer, "o", HIDDEN, 16);
      adapt(layer, "gate", INNER, HIDDEN);
      adapt(layer, "down", HIDDEN, INNER);
    }
    check(model);
  }

  private void adapt(Map<String, NDArray> layer, String part, long out, long in) {
    layer.put(part + ".lora_a", normal(0.5, 2, in));
    layer.put(part + ".lora_b", normal(0.5, out, 2));
    layer.put(part + ".lora_scale", manager.create(0.7));
  }

  private static DecoderSpecBuilder spec(int heads, int keyHeads) {
    return DecoderSpec.builder()
        .heads(heads)
        .keyValueHeads(keyHeads)
        .headSize(SIZE)
        .epsilon(1e-5)
        .rotaries(
            ImmutableList.of(
                new Rotary(4, 10, FrequencyScaling.NONE),
                new Rotary(2, 10, FrequencyScaling.linear(2))))
        .rotaryOfLayer(ImmutableIntArray.of(0, -1, 1));
  }

  private Model model(DecoderSpec spec, String attention, String norms, String mlp) {
    List<Map<String, NDArray>> layers = new ArrayList<>();
    for (int i = 0; i < LAYERS; i++) {
      layers.add(layer(spec.heads(), spec.keyValueHeads(), attention, norms, mlp));
    }
    Map<String, NDArray> outside = new TreeMap<>();
    add(outside, spec.norm() == Norm.LAYER ? "final_norm+" : "final_norm", HIDDEN);
    return new Model(spec, layers, outside);
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

  private void check(Model model) {
    NDArray x = normal(1, POSITIONS.length, HIDDEN);
    NDArray slope = normal(1, PREDICTING.length, HIDDEN);
    Gradients all = model.gradients(x, slope, 2, 0, name -> true);
    for (int i = 0; i < LAYERS; i++) {
      Map<String, NDArray> trained =
          Maps.filterKeys(model.layers.get(i), name -> !name.endsWith(".lora_scale"));
      compare(model, x, slope, trained, all.layers().get(i));
    }
    compare(model, x, slope, model.outside, all.outside());
    compare(model, x, slope, Map.of("x", x), Map.of("x", all.input()));

    assertThat(model.gradients(x, slope, 1, 0, name -> true).values())
        .as("with recomputation")
        .isEqualTo(all.values());
    Gradients some = model.gradients(x, slope, 2, 1, name -> name.equals("o.weight"));
    assertThat(some.layers().get(0)).isEmpty();
    for (int i = 1; i < LAYERS; i++) {
      assertThat(some.layers().get(i)).containsOnlyKeys("o.weight");
      assertThat(some.layers().get(i).get("o.weight").toDoubleArray())
          .as("the only one that is trained in layer %d", i)
          .containsExactly(all.layers().get(i).get("o.weight").toDoubleArray());
    }
  }

  /** Along a random direction for each array. */
  private void compare(
      Model model,
      NDArray x,
      NDArray slope,
      Map<String, NDArray> arrays,
      Map<String, NDArray> gradients) {
    double largest = gradients.values().stream().mapToDouble(DecoderTest::norm).max().orElse(0);
    arrays.forEach(
        (name, array) -> {
          double[] values = array.toDoubleArray();
          double[] direction = random.doubles(values.length, -1, 1).toArray();
          move(model, array, values, direction, DELTA);
          double above = model.objective(x, slope);
          move(model, array, values, direction, -DELTA);
          double below = model.objective(x, slope);
          move(model, array, values, direction, 0);
          double[] gradient = gradients.get(name).toDoubleArray();
          double along = 0;
          for (int i = 0; i < gradient.length; i++) {
            along += gradient[i] * direction[i];
          }
          // In a key's bias all cancels where nothing is rotated.
          double size = Math.max(norm(gradients.get(name)), 0.01 * largest);
          assertThat(Math.abs(along - (above - below) / (2 * DELTA)))
              .as(name)
              .isLessThan(TOLERANCE * size * Math.sqrt(values.length));
        });
  }

  private void move(Model model, NDArray array, double[] values, double[] direction, double by) {
    double[] sum = values.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += by * direction[i];
    }
    model.kernels.run("fill", manager.create(sum), array, 0);
  }

  private static double norm(NDArray array) {
    return Math.sqrt(DoubleStream.of(array.toDoubleArray()).map(it -> it * it).sum());
  }

  /** A model and its gradients: of each layer's parameters, of those outside, and at the input. */
  private record Gradients(
      List<Map<String, NDArray>> layers, Map<String, NDArray> outside, NDArray input) {

    List<List<Double>> values() {
      return Stream.concat(
              Stream.concat(layers.stream(), Stream.of(outside))
                  .flatMap(it -> it.values().stream()),
              Stream.of(input))
          .map(it -> Doubles.asList(it.toDoubleArray()))
          .toList();
    }
  }

  private final class Model {

    private final List<Map<String, NDArray>> layers;
    private final Map<String, NDArray> outside;
    private final Kernels kernels;
    private final List<NDArray> tables = new ArrayList<>();
    private final NDArray positions = manager.create(POSITIONS);
    private final NDArray predicting = manager.create(PREDICTING);
    private final List<NDArray> attended;

    Model(DecoderSpec spec, List<Map<String, NDArray>> layers, Map<String, NDArray> outside) {
      this.layers = layers;
      this.outside = outside;
      kernels = new Kernels(manager, texts(spec), spec);
      attended = Attention.attended(ATTENDED, POSITIONS, spec, manager);
      for (Rotary rotary : spec.rotaries()) {
        Shape shape = new Shape(6, rotary.rotated());
        tables.add(manager.create(doubles(rotary.cosines(6, false)), shape));
        tables.add(manager.create(doubles(rotary.sines(6, false)), shape));
      }
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
  }

  /** In double precision, which oneDNN does not have. */
  private static List<String> texts(DecoderSpec spec) {
    return ImmutableList.<String>builder()
        .add("product", "product_fp32", "add_rows")
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
