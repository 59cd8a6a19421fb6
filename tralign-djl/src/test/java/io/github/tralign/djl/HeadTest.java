package io.github.tralign.djl;

import static io.github.tralign.testkit.RelativeError.doubles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.kernel.Products;
import io.github.tralign.djl.kernel.PyTorch;
import io.github.tralign.djl.kernel.TestDevice;
import io.github.tralign.testkit.RelativeError;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Any blocks of rows and chunks of the vocabulary against the equations in double precision. */
@Tag("numeric")
class HeadTest {

  private static final int C = 11; // completion tokens
  private static final int H = 6;
  private static final int V = 19;
  private static final double TOLERANCE = 2e-6;

  private final Kernels kernels = Kernels.on(PyTorch.start(), TestDevice.get(), Products.FP32);
  private final NDManager manager = PyTorch.start().newBaseManager(TestDevice.get());

  private final float[] h = normal(C * H, 1);
  private final float[] w = normal(V * H, 2);
  private final double[] slope = new Random(3).doubles(C, -1, 1).toArray();
  private final long[] labels = new Random(4).longs(C, 0, V).toArray();

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({
    "11,19,0",
    "100,100,0",
    "1,1,0",
    "5,7,0",
    "4,18,0",
    "10,4,0",
    "11,5,0",
    "3,19,0",
    "11,19,2",
    "100,100,2",
    "1,1,2",
    "5,7,2"
  })
  void blocks_and_chunks_of_any_size_give_the_gradient_of_the_whole(
      int rows, int columns, double cap) {
    Head head = new Head(kernels, rows, columns, V, manager);
    HeadInput logits =
        new HeadInput(manager.create(h, new Shape(C, H)), manager.create(w, new Shape(V, H)), cap);
    NDArray targets = manager.create(labels);
    NDArray tableGradient = manager.ones(new Shape(V, H)); // added to, not overwritten

    Head.Forward forward = head.forward(logits, targets);
    double[] scored = head.logProbs(logits, targets); // in between, as a reference is
    NDArray back = head.gradient(forward, logits, targets, slope, List.of(tableGradient));

    double[] hGradient = new double[C * H];
    double[] wGradient = new double[V * H];
    Arrays.fill(wGradient, 1);
    double[] expected = expected(hGradient, wGradient, cap);
    assertThat(RelativeError.of(forward.logProbs(), expected)).isLessThan(TOLERANCE);
    assertThat(scored).containsExactly(forward.logProbs());
    assertThat(RelativeError.of(doubles(back.toFloatArray()), hGradient)).isLessThan(TOLERANCE);
    assertThat(RelativeError.of(doubles(tableGradient.toFloatArray()), wGradient))
        .isLessThan(TOLERANCE);
  }

  @Test
  void logits_far_apart_give_finite_log_probabilities() {
    Head head = new Head(kernels, 2, 2, 5, manager);
    HeadInput logits =
        new HeadInput(
            manager.create(new float[] {100}, new Shape(1, 1)),
            manager.create(new float[] {-2, -1, 0, 1, 2}, new Shape(5, 1)),
            0);
    for (int label = 0; label < 5; label++) {
      double[] scored = head.logProbs(logits, manager.create(new long[] {label}));
      assertThat(RelativeError.of(scored, new double[] {100.0 * (label - 4)}))
          .isLessThan(TOLERANCE);
    }
  }

  /**
   * The label's logit and the sum of exponentials are some 60 both; what is left of them is 1e-3
   * and known to some roundings of 1, while one of 60 alone is 2e-6.
   */
  @Test
  void where_the_model_is_nearly_certain_large_logits_cancel_without_rounding() {
    Head head = new Head(kernels, 4, 7, V, manager);
    Random random = new Random(5);
    for (int label = 0; label < V; label++) {
      float[] table = new float[V];
      for (int v = 0; v < V; v++) {
        table[v] = v == label ? 61.3f : 61.3f - 9 - random.nextFloat();
      }
      HeadInput logits =
          new HeadInput(
              manager.create(new float[] {1}, new Shape(1, 1)),
              manager.create(table, new Shape(V, 1)),
              0);
      double sum = 0;
      for (float z : table) {
        sum += Math.exp((double) z - table[label]);
      }
      double[] scored = head.logProbs(logits, manager.create(new long[] {label}));
      assertThat(scored[0]).isCloseTo(-Math.log(sum), within(4 * 0x1p-24));
    }
  }

  /** {@code log p[y]}; adds {@code g (onehot(y) − p) W} and {@code g (onehot(y) − p) hᵀ}. */
  private double[] expected(double[] hGradient, double[] wGradient, double cap) {
    double[] logProbs = new double[C];
    for (int c = 0; c < C; c++) {
      double[] z = new double[V];
      for (int v = 0; v < V; v++) {
        for (int i = 0; i < H; i++) {
          z[v] += (double) h[c * H + i] * w[v * H + i];
        }
      }
      double[] slopes = new double[V];
      for (int v = 0; v < V; v++) {
        double tanh = Math.tanh(z[v] / cap);
        slopes[v] = cap == 0 ? 1 : 1 - tanh * tanh;
        z[v] = cap == 0 ? z[v] : cap * tanh;
      }
      double lse = Math.log(Arrays.stream(z).map(Math::exp).sum());
      logProbs[c] = z[(int) labels[c]] - lse;
      for (int v = 0; v < V; v++) {
        double dz = slope[c] * ((v == labels[c] ? 1 : 0) - Math.exp(z[v] - lse)) * slopes[v];
        for (int i = 0; i < H; i++) {
          hGradient[c * H + i] += dz * w[v * H + i];
          wGradient[v * H + i] += dz * h[c * H + i];
        }
      }
    }
    return logProbs;
  }

  private static float[] normal(int size, long seed) {
    Random random = new Random(seed);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
