package io.github.tralign.djl.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Products out of bf16 ones, against double precision. Where the processor has no AMX, PyTorch's
 * fp32 products are held to the same.
 */
class NativeKernelsTest {

  private static final boolean HERE = NativeKernels.areSupported();

  private static final Kernels KERNELS =
      new Kernels(engine().newBaseManager(Device.cpu()), texts(), null);

  private final NDManager manager = engine().newBaseManager(Device.cpu());

  private static Engine engine() {
    Offline.ensure();
    return Engine.getEngine("PyTorch");
  }

  private static List<String> texts() {
    if (HERE) {
      NativeKernels.useProducts();
      return List.of("product_high", "add_rows", "native_test");
    }
    return List.of("product", "product_fp32", "packed_fp32", "add_rows", "native_test");
  }

  @AfterEach
  @AfterProperty
  void close() {
    manager.close();
  }

  /**
   * How a matrix lies in memory: by rows, by columns, or every other number of twice as wide rows.
   */
  enum Layout {
    ROWS,
    COLUMNS,
    SPACED;

    NDArray of(double[][] values, NDManager manager) {
      int columns = values[0].length;
      return switch (this) {
        case ROWS -> array(values, 1, manager);
        case COLUMNS -> array(transposed(values), 1, manager).transpose();
        case SPACED -> array(values, 2, manager).reshape(values.length, columns, 2).get(":, :, 0");
      };
    }

    private static NDArray array(double[][] values, int spacing, NDManager manager) {
      float[] flat = new float[values.length * values[0].length * spacing];
      int at = 0;
      for (double[] row : values) {
        for (double value : row) {
          flat[at] = (float) value;
          at += spacing;
        }
      }
      return manager.create(flat, new Shape(values.length, (long) values[0].length * spacing));
    }
  }

  @Property(tries = 300)
  void each_number_is_right_in_sixteen_bits_of_its_terms(
      @ForAll @IntRange(min = 1, max = 80) int rows,
      @ForAll @IntRange(min = 1, max = 80) int columns,
      @ForAll @IntRange(min = 1, max = 150) int depth,
      @ForAll Layout xLayout,
      @ForAll Layout wLayout,
      @ForAll long seed) {
    NDManager scope = manager.newSubManager();
    Random random = new Random(seed);
    double[][] x = matrix(rows, depth, random);
    double[][] w = matrix(columns, depth, random);
    double[][] b = matrix(1, columns, random);
    NDArray xs = xLayout.of(x, scope);
    NDArray ws = wLayout.of(w, scope);
    NDArray biases = Layout.ROWS.of(b, scope).reshape(columns);
    NDArray sum = Layout.ROWS.of(matrix(rows, columns, new Random(seed + 1)), scope);
    double[][] begun = matrix(rows, columns, new Random(seed + 1));
    NDArray exact = KERNELS.call(scope, "test_exact_product", xs, ws);
    NDArray plain = KERNELS.call(scope, "test_product", xs, ws);
    NDArray biased = KERNELS.call(scope, "test_biased_product", xs, ws, biases);
    KERNELS.run("add_product", sum, xs.transpose(), ws.transpose());
    assertThat(worst(exact, x, w, (i, j) -> 0)).isLessThan((depth + 8) * 0x1p-24);
    assertThat(worst(plain, x, w, (i, j) -> 0)).isLessThan(tolerance(depth));
    assertThat(worst(biased, x, w, (i, j) -> b[0][j])).isLessThan(tolerance(depth));
    assertThat(worst(sum, x, w, (i, j) -> begun[i][j])).isLessThan(tolerance(depth));
    scope.close();
  }

  /** More than is packed at once in each direction. */
  @ParameterizedTest
  @CsvSource({"2100, 40, 30", "40, 4200, 30", "40, 30, 1700"})
  void large_products_are_made_of_blocks(int rows, int columns, int depth) {
    Random random = new Random(1);
    double[][] x = matrix(rows, depth, random);
    double[][] w = matrix(columns, depth, random);
    NDArray product =
        KERNELS.call(
            manager, "test_product", Layout.ROWS.of(x, manager), Layout.COLUMNS.of(w, manager));
    assertThat(worst(product, x, w, (i, j) -> 0)).isLessThan(tolerance(depth));
  }

  @Test
  void it_is_loaded_where_there_is_amx_only() {
    if (HERE) {
      assertThatCode(NativeKernels::useProducts).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(NativeKernels::useProducts).hasMessageContaining("need Linux and");
    }
  }

  @Test
  void the_number_of_threads_changes_no_bit() {
    Random random = new Random(2);
    NDArray x = Layout.ROWS.of(matrix(700, 800, random), manager);
    NDArray w = Layout.ROWS.of(matrix(90, 800, random), manager);
    int threads = JniUtils.getNumThreads();
    try {
      JniUtils.setNumThreads(1);
      float[] one = KERNELS.call(manager, "test_product", x, w).toFloatArray();
      JniUtils.setNumThreads(HERE ? 3 : 1); // PyTorch's own changes with it
      assertThat(KERNELS.call(manager, "test_product", x, w).toFloatArray()).containsExactly(one);
    } finally {
      JniUtils.setNumThreads(threads);
    }
  }

  @Test
  void what_is_not_finite_is_seen_in_its_row_only() {
    double[][] x = matrix(3, 40, new Random(3));
    x[1][7] = Double.POSITIVE_INFINITY;
    NDArray product =
        KERNELS.call(
            manager,
            "test_product",
            Layout.ROWS.of(x, manager),
            Layout.ROWS.of(matrix(5, 40, new Random(4)), manager));
    for (int row = 0; row < 3; row++) {
      for (float value : product.get(row).toFloatArray()) {
        assertThat(Float.isFinite(value)).isEqualTo(row != 1);
      }
    }
  }

  /** What a number may be off, as a share of its terms: 16 bits, and roundings of the sum. */
  private static double tolerance(int depth) {
    return 3 * 0x1p-16 + (depth + 8) * 0x1p-24;
  }

  private interface Begin {
    double at(int i, int j);
  }

  /** The largest error of a number, as a share of the sum of its terms' sizes. */
  private static double worst(NDArray actual, double[][] x, double[][] w, Begin begin) {
    float[] values = actual.toFloatArray();
    assertThat(values).hasSize(x.length * w.length);
    double worst = 0;
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < w.length; j++) {
        double sum = begin.at(i, j);
        double size = Math.abs(sum);
        for (int k = 0; k < x[i].length; k++) {
          sum += x[i][k] * w[j][k];
          size += Math.abs(x[i][k] * w[j][k]);
        }
        worst = Math.max(worst, Math.abs(values[i * w.length + j] - sum) / size);
      }
    }
    return worst;
  }

  /** Numbers of fp32 of unlike sizes. */
  private static double[][] matrix(int rows, int columns, Random random) {
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      for (int j = 0; j < columns; j++) {
        row[j] = (float) (random.nextGaussian() * Math.exp(3 * random.nextGaussian()));
      }
    }
    return values;
  }

  private static double[][] transposed(double[][] values) {
    double[][] result = new double[values[0].length][values.length];
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < values[i].length; j++) {
        result[j][i] = values[i][j];
      }
    }
    return result;
  }
}
