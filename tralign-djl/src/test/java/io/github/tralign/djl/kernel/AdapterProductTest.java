package io.github.tralign.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.model.DecoderSpec;
import io.github.tralign.djl.model.DecoderSpec.Activation;
import io.github.tralign.djl.model.DecoderSpec.Norm;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Products with an adapter: with W + s B A made first, or with the factors apart. */
@Tag("numeric")
class AdapterProductTest {

  private static final int IN = 24;
  private static final int OUT = 16;
  private static final int FEW = 4; // rows, for which the sum is not made: 4 · (24 + 16) < 24 · 16
  private static final int MANY = 40;

  private final Random random = new Random(5);

  @ParameterizedTest
  @ValueSource(strings = {".weight", ".transposed"})
  void both_ways_have_the_same_values_and_gradients(String layout) {
    Offline.ensure();
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
      DecoderSpec spec =
          DecoderSpec.builder()
              .heads(4)
              .keyValueHeads(4)
              .headSize(4)
              .norm(Norm.RMS)
              .epsilon(1e-5)
              .activation(Activation.SILU)
              .rotaries(ImmutableList.of())
              .rotaryOfLayer(ImmutableIntArray.of(-1))
              .build();
      Kernels kernels =
          new Kernels(manager, Kernels.texts(Device.cpu(), Products.FP32, spec), spec);
      boolean transposed = layout.equals(".transposed");
      Map<String, NDArray> w =
          Map.of(
              "o" + layout,
              transposed ? normal(manager, IN, OUT) : normal(manager, OUT, IN),
              "o.lora_a",
              normal(manager, 2, IN),
              "o.lora_b",
              normal(manager, OUT, 2),
              "o.lora_scale",
              manager.create(0.7f));
      NDArray x = normal(manager, MANY, IN);
      NDArray dy = normal(manager, MANY, OUT);
      float[] all = kernels.call(manager, "linear", x, w, "o").toFloatArray();
      Map<String, NDArray> g = zeros(manager);
      float[] dx = kernels.call(manager, "linear_backward", dy, x, w, g, "o", true).toFloatArray();
      Map<String, NDArray> sums = zeros(manager);
      for (int i = 0; i < MANY; i += FEW) {
        NDArray rows = rows(manager, x, i, IN);
        NDArray back = rows(manager, dy, i, OUT);
        assertThat(kernels.call(manager, "linear", rows, w, "o").toFloatArray())
            .usingComparatorWithPrecision(1e-4f)
            .containsExactly(Arrays.copyOfRange(all, i * OUT, (i + FEW) * OUT));
        assertThat(
                kernels
                    .call(manager, "linear_backward", back, rows, w, sums, "o", true)
                    .toFloatArray())
            .usingComparatorWithPrecision(1e-4f)
            .containsExactly(Arrays.copyOfRange(dx, i * IN, (i + FEW) * IN));
      }
      for (String factor : g.keySet()) {
        assertThat(sums.get(factor).toFloatArray())
            .as(factor)
            .usingComparatorWithPrecision(1e-3f)
            .containsExactly(g.get(factor).toFloatArray());
      }
    }
  }

  private static Map<String, NDArray> zeros(NDManager manager) {
    return ImmutableMap.of(
        "o.lora_a", manager.zeros(new Shape(2, IN)), "o.lora_b", manager.zeros(new Shape(OUT, 2)));
  }

  private static NDArray rows(NDManager manager, NDArray all, int first, int columns) {
    return manager.create(
        Arrays.copyOfRange(all.toFloatArray(), first * columns, (first + FEW) * columns),
        new Shape(FEW, columns));
  }

  private NDArray normal(NDManager manager, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return manager.create(values, new Shape(rows, columns));
  }
}
