package io.github.tralign.djl.kernel;

import static io.github.tralign.testkit.RelativeError.doubles;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.model.DecoderSpec;
import io.github.tralign.djl.model.DecoderSpecBuilder;
import io.github.tralign.testkit.RelativeError;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention over packed tokens against the equations in double precision. */
@Tag("numeric")
class AttentionTest {

  /** A prompt with three completions, one of them empty, and one that is longer than a block. */
  private static final long[][] ATTENDED = {
    {0, 9, 0, 9},
    {9, 4, 9, 4},
    {9, 4, 0, 5},
    {13, 3, 13, 3},
    {13, 3, 0, 5},
    {16, 300, 16, 300},
    {316, 270, 316, 270},
    {316, 270, 16, 290}
  };

  private static final int T = 586;

  /** Of each token in its sequence: completions follow their prompts of 5 and 290 tokens. */
  private static final long[] POSITIONS =
      Stream.of(range(0, 9), range(5, 4), range(5, 3), range(0, 300), range(290, 270))
          .flatMapToLong(it -> it)
          .toArray();

  private static LongStream range(long first, long length) {
    return LongStream.range(first, first + length);
  }

  private final NDManager manager = engine().newBaseManager(TestDevice.get());

  private static Engine engine() {
    Offline.ensure();
    return Engine.getEngine("PyTorch");
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({"2, 2, 8", "6, 2, 8", "2, 1, 72"})
  void runs_that_are_joined_give_attention_and_its_gradient(int heads, int keyHeads, int size) {
    compare(
        TestDevice.get(),
        Products.FP32,
        spec(heads, keyHeads, size).build(),
        RelativeError::of,
        3e-6);
  }

  /** Some end inside a block, some inside a prompt, and the longest is longer than all. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 7, 64, 250, 299, 560, 1000})
  void windows_are_of_positions(int window) {
    compare(
        TestDevice.get(),
        Products.FP32,
        spec(4, 2, 8).windowOfLayer(ImmutableIntArray.of(window)).build(),
        RelativeError::of,
        3e-6);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 7, 290, 1000})
  void scores_are_scaled_and_capped(int window) {
    compare(
        TestDevice.get(),
        Products.FP32,
        spec(4, 2, 8)
            .scoreScale(0.7)
            .scoreCap(1.5)
            .windowOfLayer(ImmutableIntArray.of(window))
            .build(),
        RelativeError::of,
        3e-6);
  }

  @Test
  void scores_have_any_scale() {
    compare(
        TestDevice.get(),
        Products.FP32,
        spec(2, 2, 8).scoreScale(0.1).build(),
        RelativeError::of,
        3e-6);
  }

  private static DecoderSpecBuilder spec(int heads, int keyHeads, int size) {
    return DecoderSpec.builder()
        .heads(heads)
        .keyValueHeads(keyHeads)
        .headSize(size)
        .norm(DecoderSpec.Norm.RMS)
        .epsilon(1e-6)
        .activation(DecoderSpec.Activation.SILU)
        .rotaryOfLayer(ImmutableIntArray.of(-1));
  }

  /** Where there is no AMX, fp32 stands for it. */
  @ParameterizedTest
  @CsvSource({"2, 2, 8", "6, 2, 8", "2, 1, 72"})
  void native_attention_gives_the_same_to_sixteen_bits(int heads, int keyHeads, int size) {
    boolean here = NativeKernels.areSupported();
    Products products = here ? Products.FP32_HIGH : Products.FP32;
    compare(
        Device.cpu(),
        products,
        spec(heads, keyHeads, size).build(),
        RelativeError::ofLargest,
        1e-4);
  }

  @Test
  void the_number_of_threads_changes_no_bit_of_native_attention() {
    boolean here = NativeKernels.areSupported();
    DecoderSpec spec = spec(6, 2, 8).build();
    Kernels kernels =
        Kernels.on(engine(), Device.cpu(), here ? Products.FP32_HIGH : Products.FP32, spec);
    int threads = JniUtils.getNumThreads();
    try {
      JniUtils.setNumThreads(1);
      List<float[]> one = attend(kernels, new Expected(spec));
      JniUtils.setNumThreads(here ? 3 : 1); // PyTorch's own changes with it
      List<float[]> three = attend(kernels, new Expected(spec));
      assertThat(three).usingRecursiveComparison().isEqualTo(one);
    } finally {
      JniUtils.setNumThreads(threads);
    }
  }

  private void compare(
      Device device,
      Products products,
      DecoderSpec spec,
      ToDoubleBiFunction<double[], double[]> error,
      double tolerance) {
    Kernels kernels = Kernels.on(engine(), device, products, spec);
    Expected expected = new Expected(spec);
    List<float[]> actual = attend(kernels, expected);
    expected.compute();
    assertThat(error.applyAsDouble(doubles(actual.get(0)), expected.y))
        .as("y")
        .isLessThan(tolerance);
    assertThat(error.applyAsDouble(doubles(actual.get(1)), expected.dq))
        .as("dq")
        .isLessThan(tolerance);
    assertThat(error.applyAsDouble(doubles(actual.get(2)), expected.dk))
        .as("dk")
        .isLessThan(tolerance);
    assertThat(error.applyAsDouble(doubles(actual.get(3)), expected.dv))
        .as("dv")
        .isLessThan(tolerance);
  }

  /** The result, and the gradients at queries, keys and values. */
  private List<float[]> attend(Kernels kernels, Expected given) {
    int size = given.size;
    List<NDArray> attended = Attention.attended(ATTENDED, POSITIONS, given.spec, manager);
    NDArray q = array(given.q, size);
    NDArray k = array(given.k, size);
    NDArray v = array(given.v, size);
    NDArray dy = array(given.dy, size).reshape(T, -1L);
    NDList y = kernels.callAll(manager, "attend", q, k, v, attended);
    NDArray dq = manager.create(q.getShape(), DataType.FLOAT32);
    NDArray dk = manager.create(k.getShape(), DataType.FLOAT32);
    NDArray dv = manager.create(v.getShape(), DataType.FLOAT32);
    kernels.run("attend_backward", dy, q, k, v, y.get(0), y.get(1), attended, dq, dk, dv);
    return Stream.of(y.get(0), dq, dk, dv).map(NDArray::toFloatArray).toList();
  }

  /** Attention token by token: what it sees, how much of it, and back. */
  private static final class Expected {

    private final DecoderSpec spec;
    private final int window;
    private final int heads;
    private final int keyHeads;
    private final int size;
    private final double[] q;
    private final double[] k;
    private final double[] v;
    private final double[] dy;
    private final double[] y;
    private final double[] dq;
    private final double[] dk;
    private final double[] dv;

    Expected(DecoderSpec spec) {
      this.spec = spec;
      window = spec.windowOfLayer().get(0);
      heads = spec.heads();
      keyHeads = spec.keyValueHeads();
      size = spec.headSize();
      q = normal(T * heads * size, 1);
      k = normal(T * keyHeads * size, 2);
      v = normal(T * keyHeads * size, 3);
      dy = normal(T * heads * size, 4);
      y = new double[T * heads * size];
      dq = new double[T * heads * size];
      dk = new double[T * keyHeads * size];
      dv = new double[T * keyHeads * size];
    }

    void compute() {
      for (int t = 0; t < T; t++) {
        for (int head = 0; head < heads; head++) {
          int keyHead = head / (heads / keyHeads);
          int at = (t * heads + head) * size;
          double[] p = new double[T];
          double[] slopes = new double[T]; // of the score at q·k
          double sum = 0;
          for (int s = 0; s < T; s++) {
            if (sees(t, s)) {
              double score = spec.scoreScale() * dot(q, at, k, key(s, keyHead));
              slopes[s] = spec.scoreScale();
              if (spec.scoreCap() > 0) {
                double tanh = Math.tanh(score / spec.scoreCap());
                score = spec.scoreCap() * tanh;
                slopes[s] *= 1 - tanh * tanh;
              }
              p[s] = Math.exp(score);
              sum += p[s];
            }
          }
          double along = 0;
          for (int s = 0; s < T; s++) {
            p[s] /= sum;
            add(y, at, p[s], v, key(s, keyHead));
            add(dv, key(s, keyHead), p[s], dy, at);
            along += p[s] * dot(dy, at, v, key(s, keyHead));
          }
          for (int s = 0; s < T; s++) {
            double slope = p[s] * (dot(dy, at, v, key(s, keyHead)) - along) * slopes[s];
            add(dq, at, slope, k, key(s, keyHead));
            add(dk, key(s, keyHead), slope, q, at);
          }
        }
      }
    }

    private int key(int token, int keyHead) {
      return (token * keyHeads + keyHead) * size;
    }

    private boolean sees(int t, int s) {
      if (window > 0 && POSITIONS[t] - POSITIONS[s] >= window) {
        return false;
      }
      for (long[] run : ATTENDED) {
        boolean from = run[0] <= t && t < run[0] + run[1];
        boolean to = run[2] <= s && s < run[2] + run[3];
        if (from && to && (run[0] != run[2] || s <= t)) {
          return true;
        }
      }
      return false;
    }

    private double dot(double[] a, int i, double[] b, int j) {
      double sum = 0;
      for (int d = 0; d < size; d++) {
        sum += a[i + d] * b[j + d];
      }
      return sum;
    }

    private void add(double[] to, int i, double factor, double[] from, int j) {
      for (int d = 0; d < size; d++) {
        to[i + d] += factor * from[j + d];
      }
    }
  }

  private NDArray array(double[] values, int size) {
    return manager
        .create(values, new Shape(T, values.length / T / size, size))
        .toType(DataType.FLOAT32, false);
  }

  private static double[] normal(int size, long seed) {
    Random random = new Random(seed);
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
