package io.github.tralign.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attention over packed tokens against the equations in double precision. */
class AttentionTest {

  private static final int D = 8; // size of a head
  private static final double TOLERANCE = 1e-5;

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
  @CsvSource({"2, 2", "6, 2"})
  void runs_that_are_joined_give_attention_and_its_gradient(int heads, int keyHeads) {
    Kernels kernels = Kernels.on(engine(), TestDevice.get(), Products.FP32);
    double[] q = normal(T * heads * D, 1);
    double[] k = normal(T * keyHeads * D, 2);
    double[] v = normal(T * keyHeads * D, 3);
    double[] dy = normal(T * heads * D, 4);
    List<NDArray> attended = Kernels.attended(ATTENDED, manager);
    List<NDArray> qkv = List.of(array(q), array(k), array(v));
    NDList y = kernels.callAll("attend", qkv.get(0), qkv.get(1), qkv.get(2), attended);
    NDArray dq = manager.create(new Shape(T, heads, D), DataType.FLOAT32);
    NDArray dk = manager.create(new Shape(T, keyHeads, D), DataType.FLOAT32);
    NDArray dv = manager.create(new Shape(T, keyHeads, D), DataType.FLOAT32);
    kernels.call(
        "attend_backward",
        array(dy).reshape(T, -1L),
        qkv.get(0),
        qkv.get(1),
        qkv.get(2),
        y.get(0),
        y.get(1),
        attended,
        dq,
        dk,
        dv);

    Expected expected = new Expected(heads, keyHeads);
    expected.compute(q, k, v, dy);
    assertClose(y.get(0), expected.y);
    assertClose(dq, expected.dq);
    assertClose(dk, expected.dk);
    assertClose(dv, expected.dv);
  }

  /** Attention token by token: what it sees, how much of it, and back. */
  private static final class Expected {

    private final int heads;
    private final int keyHeads;
    private final double[] y;
    private final double[] dq;
    private final double[] dk;
    private final double[] dv;

    Expected(int heads, int keyHeads) {
      this.heads = heads;
      this.keyHeads = keyHeads;
      y = new double[T * heads * D];
      dq = new double[T * heads * D];
      dk = new double[T * keyHeads * D];
      dv = new double[T * keyHeads * D];
    }

    void compute(double[] q, double[] k, double[] v, double[] dy) {
      for (int t = 0; t < T; t++) {
        for (int head = 0; head < heads; head++) {
          int keyHead = head / (heads / keyHeads);
          int at = (t * heads + head) * D;
          double[] p = new double[T];
          double sum = 0;
          for (int s = 0; s < T; s++) {
            p[s] = sees(t, s) ? Math.exp(dot(q, at, k, key(s, keyHead)) / Math.sqrt(D)) : 0;
            sum += p[s];
          }
          double along = 0;
          for (int s = 0; s < T; s++) {
            p[s] /= sum;
            add(y, at, p[s], v, key(s, keyHead));
            add(dv, key(s, keyHead), p[s], dy, at);
            along += p[s] * dot(dy, at, v, key(s, keyHead));
          }
          for (int s = 0; s < T; s++) {
            double slope = p[s] * (dot(dy, at, v, key(s, keyHead)) - along) / Math.sqrt(D);
            add(dq, at, slope, k, key(s, keyHead));
            add(dk, key(s, keyHead), slope, q, at);
          }
        }
      }
    }

    private int key(int token, int keyHead) {
      return (token * keyHeads + keyHead) * D;
    }

    private static boolean sees(int t, int s) {
      for (long[] run : ATTENDED) {
        boolean from = run[0] <= t && t < run[0] + run[1];
        boolean to = run[2] <= s && s < run[2] + run[3];
        if (from && to && (run[0] != run[2] || s <= t)) {
          return true;
        }
      }
      return false;
    }

    private static double dot(double[] a, int i, double[] b, int j) {
      double sum = 0;
      for (int d = 0; d < D; d++) {
        sum += a[i + d] * b[j + d];
      }
      return sum;
    }

    private static void add(double[] to, int i, double factor, double[] from, int j) {
      for (int d = 0; d < D; d++) {
        to[i + d] += factor * from[j + d];
      }
    }
  }

  private NDArray array(double[] values) {
    return manager
        .create(values, new Shape(T, values.length / T / D, D))
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

  private static void assertClose(NDArray actual, double[] expected) {
    float[] values = actual.toFloatArray();
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < values.length; i++) {
      assertThat((double) values[i])
          .as("value %d", i)
          .isCloseTo(expected[i], within(TOLERANCE * Math.max(1, Math.abs(expected[i]))));
    }
  }
}
