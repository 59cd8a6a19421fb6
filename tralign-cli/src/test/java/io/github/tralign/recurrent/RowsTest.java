package io.github.tralign.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class RowsTest {

  @Property(tries = 100)
  void a_product_of_any_shape_is_added(
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 9) int terms,
      @ForAll @IntRange(min = 1, max = 9) int columns,
      @ForAll boolean transposed,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] a = random.doubles(2 + rows * terms).toArray();
    double[][] b = new double[terms][];
    Arrays.setAll(b, k -> random.doubles(columns).toArray());
    double[][] c = new double[rows][columns];
    c[0][0] = 5;
    int row = transposed ? 1 : terms;
    int column = transposed ? rows : 1;
    Rows.multiplyAdd(columns, a, 2, row, column, b, c);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double expected = i == 0 && j == 0 ? 5 : 0;
        for (int k = 0; k < terms; k++) {
          expected += a[2 + i * row + k * column] * b[k][j];
        }
        assertThat(c[i][j]).isCloseTo(expected, within(1e-12));
      }
    }
  }

  @Property
  void the_functions_are_those_of_the_jdk_up_to_rounding(
      @ForAll @DoubleRange(min = -40, max = 40) double x) {
    double[] exp = {x};
    double[] tanh = {x};
    double[] sigmoid = {x};
    Rows.exp(1, exp);
    Rows.tanh(1, tanh);
    Rows.sigmoid(1, sigmoid);
    assertThat(exp[0] / Math.exp(x)).isCloseTo(1, within(1e-12));
    assertThat(tanh[0]).isCloseTo(Math.tanh(x), within(1e-13));
    assertThat(sigmoid[0]).isCloseTo(1 / (1 + Math.exp(-x)), within(1e-13));
  }

  @Property(tries = 20)
  void far_values_are_those_of_the_bounds(@ForAll @DoubleRange(min = 40, max = 1e300) double x) {
    double[] tanh = {x, -x, Double.POSITIVE_INFINITY, Double.NaN};
    Rows.tanh(4, tanh);
    assertThat(tanh).containsExactly(1, -1, 1, Double.NaN);
  }

  @Property(tries = 20)
  void transposing_twice_and_flattening_keep_the_first_columns(@ForAll long seed) {
    double[][] rows = {new Random(seed).doubles(3).toArray(), {1, 2, 3}};
    double[][] twice = Rows.transposed(2, Rows.transposed(2, rows));
    assertThat(twice[0]).containsExactly(rows[0][0], rows[0][1]);
    assertThat(Rows.flat(2, rows)).containsExactly(rows[0][0], rows[0][1], 1, 2);
  }
}
