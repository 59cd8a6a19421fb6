package io.github.tralign.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Maps;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.model.DecoderSpec;
import io.github.tralign.djl.model.DecoderSpec.Activation;
import io.github.tralign.djl.model.DecoderSpec.Norm;
import io.github.tralign.djl.model.DecoderSpecBuilder;
import io.github.tralign.djl.model.FrequencyScaling;
import io.github.tralign.djl.model.Rotary;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every part of the decoder block, alone and with others: gradients against differences in double
 * precision.
 */
class DecoderTest {

  private static final double DELTA = 1e-5;
  private static final double TOLERANCE = 1e-6; // of a parameter's gradient

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
   * @param attention the parts of a layer, as are norms and mlp; see {@link DecoderModel}
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
    DecoderModel model = model(spec, "qkvᵀ", "attention_norm mlp_norm", "gate up");
    model.adapt();
    check(model);
  }

  private static DecoderSpecBuilder spec(int heads, int keyHeads) {
    return DecoderSpec.builder()
        .heads(heads)
        .keyValueHeads(keyHeads)
        .headSize(DecoderModel.SIZE)
        .epsilon(1e-5)
        .rotaries(
            ImmutableList.of(
                new Rotary(4, 10, FrequencyScaling.NONE),
                new Rotary(2, 10, FrequencyScaling.linear(2))))
        .rotaryOfLayer(ImmutableIntArray.of(0, -1, 1));
  }

  private DecoderModel model(DecoderSpec spec, String attention, String norms, String mlp) {
    return new DecoderModel(manager, random, spec, attention, norms, mlp);
  }

  private void check(DecoderModel model) {
    NDArray x = model.input();
    NDArray slope = model.slope();
    DecoderModel.Gradients all = model.gradients(x, slope, 2, 0, name -> true);
    for (int i = 0; i < DecoderModel.LAYERS; i++) {
      Map<String, NDArray> trained =
          Maps.filterKeys(model.layers().get(i), name -> !name.endsWith(".lora_scale"));
      compare(model, x, slope, trained, all.layers().get(i));
    }
    compare(model, x, slope, model.outside(), all.outside());
    compare(model, x, slope, Map.of("x", x), Map.of("x", all.input()));

    assertThat(model.gradients(x, slope, 1, 0, name -> true).values())
        .as("with recomputation")
        .isEqualTo(all.values());
    DecoderModel.Gradients some = model.gradients(x, slope, 2, 1, name -> name.equals("o.weight"));
    assertThat(some.layers().get(0)).isEmpty();
    for (int i = 1; i < DecoderModel.LAYERS; i++) {
      assertThat(some.layers().get(i)).containsOnlyKeys("o.weight");
      assertThat(some.layers().get(i).get("o.weight").toDoubleArray())
          .as("the only one that is trained in layer %d", i)
          .containsExactly(all.layers().get(i).get("o.weight").toDoubleArray());
    }
  }

  /** Along a random direction for each array. */
  private void compare(
      DecoderModel model,
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

  private void move(
      DecoderModel model, NDArray array, double[] values, double[] direction, double by) {
    double[] sum = values.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += by * direction[i];
    }
    model.fill(array, sum);
  }

  private static double norm(NDArray array) {
    return Math.sqrt(DoubleStream.of(array.toDoubleArray()).map(it -> it * it).sum());
  }
}
