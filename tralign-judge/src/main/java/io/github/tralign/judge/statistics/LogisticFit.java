package io.github.tralign.judge.statistics;

/**
 * Logistic regression without an intercept, with targets in [0, 1] and weights of rows. It
 * minimizes
 *
 * <pre>Σ wᵢ · (log(1 + e^zᵢ) − yᵢ·zᵢ) + l1·Σ|b| + l2/2·Σb²   with zᵢ = xᵢ·b</pre>
 *
 * by Newton's method, whose quadratic problems are solved by coordinate descent (Yuan, Ho and Lin,
 * "An improved GLMNET for L1-regularized logistic regression", 2012). For few coefficients: the
 * Hessian is dense.
 */
public final class LogisticFit {

  private static final int MAX_STEPS = 200;
  private static final int MAX_SWEEPS = 10_000;
  private static final double TOLERANCE = 1e-10;

  private final double[][] x;
  private final double[] y;
  private final double[] weights;
  private final double l1;
  private final double l2;

  private LogisticFit(double[][] x, double[] y, double[] weights, double l1, double l2) {
    this.x = x;
    this.y = y;
    this.weights = weights;
    this.l1 = l1;
    this.l2 = l2;
  }

  /**
   * The coefficients that minimize the sum. Where classes can be separated and there is no penalty,
   * they are large: as far as the gradient can still be told from 0.
   *
   * @param x [rows][coefficients], at least one row
   * @param y [rows], in [0, 1]
   * @param weights [rows], ≥ 0
   * @param l1 ≥ 0
   * @param l2 ≥ 0
   */
  public static double[] fit(double[][] x, double[] y, double[] weights, double l1, double l2) {
    if (x.length == 0 || x.length != y.length || x.length != weights.length) {
      throw new IllegalArgumentException(
          x.length + " rows, " + y.length + " targets, " + weights.length + " weights");
    }
    return new LogisticFit(x, y, weights, l1, l2).solve(new double[x[0].length]);
  }

  /** 1 / (1 + e^−z), without overflow. */
  public static double sigmoid(double z) {
    return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
  }

  /** x·b. */
  public static double dot(double[] x, double[] b) {
    double sum = 0;
    for (int j = 0; j < b.length; j++) {
      sum += x[j] * b[j];
    }
    return sum;
  }

  private double[] solve(double[] start) {
    double[] b = start;
    double value = value(b);
    for (int step = 0; step < MAX_STEPS; step++) {
      double[] gradient = gradient(b);
      double[] direction = direction(b, gradient, hessian(b));
      double slope = dot(gradient, direction) + l1 * (norm1(plus(b, direction, 1)) - norm1(b));
      double scale = 1;
      double[] next = plus(b, direction, scale);
      double nextValue = value(next);
      while (nextValue > value + 0.01 * scale * slope && scale > 1e-12) { // Armijo's rule
        scale /= 2;
        next = plus(b, direction, scale);
        nextValue = value(next);
      }
      if (!(nextValue < value)) {
        return b; // as good as rounding allows
      }
      double moved = 0;
      for (int j = 0; j < b.length; j++) {
        moved = Math.max(moved, Math.abs(next[j] - b[j]));
      }
      b = next;
      value = nextValue;
      if (moved < TOLERANCE) {
        return b;
      }
    }
    return b;
  }

  private double value(double[] b) {
    double sum = l1 * norm1(b) + l2 / 2 * dot(b, b);
    for (int i = 0; i < x.length; i++) {
      double z = dot(x[i], b);
      double softplus = Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
      sum += weights[i] * (softplus - y[i] * z);
    }
    return sum;
  }

  private double[] gradient(double[] b) {
    double[] gradient = new double[b.length];
    for (int i = 0; i < x.length; i++) {
      double residual = weights[i] * (sigmoid(dot(x[i], b)) - y[i]);
      for (int j = 0; j < b.length; j++) {
        gradient[j] += residual * x[i][j];
      }
    }
    for (int j = 0; j < b.length; j++) {
      gradient[j] += l2 * b[j];
    }
    return gradient;
  }

  private double[][] hessian(double[] b) {
    double[][] hessian = new double[b.length][b.length];
    for (int i = 0; i < x.length; i++) {
      double p = sigmoid(dot(x[i], b));
      double curvature = weights[i] * p * (1 - p);
      for (int j = 0; j < b.length; j++) {
        for (int k = 0; k < b.length; k++) {
          hessian[j][k] += curvature * x[i][j] * x[i][k];
        }
      }
    }
    for (int j = 0; j < b.length; j++) {
      hessian[j][j] += l2 + 1e-12; // so that a coefficient without data stays where it is
    }
    return hessian;
  }

  /** Minimizes the quadratic approximation plus the L1 penalty. */
  private double[] direction(double[] b, double[] gradient, double[][] hessian) {
    double[] d = new double[b.length];
    double[] slope = gradient.clone(); // of the quadratic at d
    for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
      double largest = 0;
      for (int j = 0; j < b.length; j++) {
        double h = hessian[j][j];
        double at = b[j] + d[j];
        double change = shrunk(at - slope[j] / h, l1 / h) - at;
        if (change != 0) {
          d[j] += change;
          for (int k = 0; k < b.length; k++) {
            slope[k] += change * hessian[j][k];
          }
          largest = Math.max(largest, Math.abs(change));
        }
      }
      if (largest < TOLERANCE / 10) {
        break;
      }
    }
    return d;
  }

  private static double shrunk(double value, double by) {
    return Math.signum(value) * Math.max(0, Math.abs(value) - by);
  }

  private static double[] plus(double[] b, double[] direction, double scale) {
    double[] sum = b.clone();
    for (int j = 0; j < b.length; j++) {
      sum[j] += scale * direction[j];
    }
    return sum;
  }

  private static double norm1(double[] b) {
    double sum = 0;
    for (double each : b) {
      sum += Math.abs(each);
    }
    return sum;
  }
}
