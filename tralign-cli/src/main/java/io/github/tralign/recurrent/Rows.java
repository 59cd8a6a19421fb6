package io.github.tralign.recurrent;

/**
 * Arithmetic on matrices whose rows are arrays of their own, all in the same order of operations
 * whatever the lengths. Every inner loop runs over whole rows, from index 0: the form that Java's
 * compiler turns into vector instructions.
 */
final class Rows {

  private static final double BOUND = 40; // σ and tanh are 0, ±1 beyond it, up to rounding
  private static final double SHARE = 1.0 / 256; // e^x = (e^(x/256))^256

  private static final int BLOCK = 8;

  private Rows() {}

  /**
   * {@code c += a b}.
   *
   * @param n how many first columns of b and c are computed
   * @param a holds the left matrix: its element (i, k) is at {@code first + i * row + k * column}
   * @param b the right matrix, whose number of rows is the number of terms
   */
  static void multiplyAdd(
      int n, double[] a, int first, int row, int column, double[][] b, double[][] c) {
    int terms = b.length;
    for (int i = 0; i < c.length; i++) {
      int at = first + i * row;
      int k = 0;
      for (; k + 3 < terms; k += 4, at += 4 * column) {
        addFour(
            n,
            a[at],
            b[k],
            a[at + column],
            b[k + 1],
            a[at + 2 * column],
            b[k + 2],
            a[at + 3 * column],
            b[k + 3],
            c[i]);
      }
      for (; k < terms; k++, at += column) {
        addOne(n, a[at], b[k], c[i]);
      }
    }
  }

  private static void addFour(
      int n,
      double a0,
      double[] b0,
      double a1,
      double[] b1,
      double a2,
      double[] b2,
      double a3,
      double[] b3,
      double[] c) {
    for (int j = 0; j < n; j++) {
      c[j] = c[j] + a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
    }
  }

  private static void addOne(int n, double a, double[] b, double[] c) {
    for (int j = 0; j < n; j++) {
      c[j] = c[j] + a * b[j];
    }
  }

  /** The rows of a matrix one after the other, {@code [rows * n]}, of the first n columns. */
  static double[] flat(int n, double[][] rows) {
    double[] flat = new double[rows.length * n];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * n, n);
    }
    return flat;
  }

  /** The transpose of the first n columns, made in blocks whose rows stay in the cache. */
  static double[][] transposed(int n, double[][] rows) {
    double[][] transposed = new double[n][rows.length];
    for (int first = 0; first < n; first += BLOCK) {
      int end = Math.min(n, first + BLOCK);
      for (int i = 0; i < rows.length; i++) {
        for (int j = first; j < end; j++) {
          transposed[j][i] = rows[i][j];
        }
      }
    }
    return transposed;
  }

  /** Adds a matrix to a part of a vector that holds one of the same shape, row by row. */
  static void addTo(double[] vector, int first, double[][] rows) {
    int at = first;
    for (double[] row : rows) {
      for (int j = 0; j < row.length; j++) {
        vector[at + j] += row[j];
      }
      at += row.length;
    }
  }

  /** Replaces the first n values by their exponentials; below −40 by that of −40. */
  static void exp(int n, double[] x) {
    for (int j = 0; j < n; j++) {
      x[j] = exp(Math.max(-BOUND, Math.min(BOUND, x[j])));
    }
  }

  /** Replaces the first n values by {@code σ(x) = 1 / (1 + e^−x)}. */
  static void sigmoid(int n, double[] x) {
    for (int j = 0; j < n; j++) {
      x[j] = 1 / (1 + exp(Math.max(-BOUND, Math.min(BOUND, -x[j]))));
    }
  }

  /** Replaces the first n values by their hyperbolic tangent {@code 2 σ(2x) − 1}. */
  static void tanh(int n, double[] x) {
    for (int j = 0; j < n; j++) {
      x[j] = 2 / (1 + exp(Math.max(-BOUND, Math.min(BOUND, -2 * x[j])))) - 1;
    }
  }

  /**
   * {@code e^x} for |x| ≤ 40 with a relative error below 1e-12: Taylor's polynomial of x/256, and
   * eight squarings. Unlike {@link Math#exp} it is computed by vector instructions, and is the same
   * on every machine.
   */
  private static double exp(double x) {
    double y = x * SHARE;
    double e =
        1
            + y
                * (1
                    + y
                        * (1 / 2.0
                            + y
                                * (1 / 6.0
                                    + y
                                        * (1 / 24.0
                                            + y
                                                * (1 / 120.0
                                                    + y
                                                        * (1 / 720.0
                                                            + y
                                                                * (1 / 5040.0
                                                                    + y
                                                                        * (1 / 40320.0
                                                                            + y / 362880.0))))))));
    e *= e;
    e *= e;
    e *= e;
    e *= e;
    e *= e;
    e *= e;
    e *= e;
    e *= e;
    return e;
  }
}
