package io.github.tralign.recurrent;

import java.util.Arrays;

/**
 * The distributions of the next token after several states: {@code log softmax(W h + b)}. Matrices
 * have a column for each state.
 */
public final class NextTokens {

  private final Layout at;
  private final double[] weights;
  private final double[][] states; // [H][≥ n]
  private final double[][] logProbs; // [V][n]
  private final double[][] probabilities; // [V][n]
  private final int n; // number of states

  /**
   * Computes the distributions.
   *
   * @param states the states, {@code [H][≥ n]}, of which the first n columns are read; not copied
   */
  NextTokens(Layout at, double[] weights, double[][] states, int n) {
    this.at = at;
    this.weights = weights;
    this.states = states;
    this.n = n;
    logProbs = new double[at.vocabulary()][n];
    for (int v = 0; v < logProbs.length; v++) {
      Arrays.fill(logProbs[v], weights[at.headBias() + v]);
    }
    Rows.multiplyAdd(n, weights, at.head(), at.hidden(), 1, states, logProbs);
    double[] logSums = logSums(1);
    probabilities = new double[logProbs.length][];
    for (int v = 0; v < logProbs.length; v++) {
      subtract(n, logSums, logProbs[v]);
      probabilities[v] = logProbs[v].clone();
      Rows.exp(n, probabilities[v]);
    }
  }

  /** The log-probability of each token after each state, {@code [V][n]}; not a copy. */
  public double[][] logProbs() {
    return logProbs;
  }

  /** The probability of each token after each state, {@code [V][n]}; not a copy. */
  public double[][] probabilities() {
    return probabilities;
  }

  /** {@code log Σ_v π(v)²} after each state. */
  double[] collisions() {
    return logSums(2);
  }

  /** {@code KL(other ‖ this)} after each state; never negative. */
  public double[] divergencesFrom(NextTokens other) {
    double[] sums = new double[n];
    for (int v = 0; v < logProbs.length; v++) {
      addDivergence(n, other.probabilities[v], other.logProbs[v], logProbs[v], sums);
    }
    for (int j = 0; j < n; j++) {
      sums[j] = Math.max(0, sums[j]);
    }
    return sums;
  }

  private static void addDivergence(int n, double[] p, double[] log, double[] mine, double[] sums) {
    for (int j = 0; j < n; j++) {
      sums[j] = sums[j] + p[j] * (log[j] - mine[j]);
    }
  }

  /** Adds {@code slope · ∂ log π(token) / ∂ logits} of one state to {@code ofLogits}. */
  void addLogProb(int state, int token, double slope, double[][] ofLogits) {
    for (int v = 0; v < logProbs.length; v++) {
      ofLogits[v][state] += slope * ((v == token ? 1 : 0) - probabilities[v][state]);
    }
  }

  /** Adds {@code slope · ∂ KL(other ‖ this) / ∂ logits} of one state to {@code ofLogits}. */
  void addDivergence(NextTokens other, int state, double slope, double[][] ofLogits) {
    for (int v = 0; v < logProbs.length; v++) {
      ofLogits[v][state] += slope * (probabilities[v][state] - other.probabilities[v][state]);
    }
  }

  /**
   * Backpropagates.
   *
   * @param ofLogits derivative of the objective in the logits, {@code [V][n]}
   * @param gradient the derivative in the bias is added to it
   * @param ofHead the derivative in the head is added to it, {@code [V][H]}
   * @param ofStates the derivative in the states is added to it, {@code [H][≥ n]}
   */
  void backward(double[][] ofLogits, double[] gradient, double[][] ofHead, double[][] ofStates) {
    for (int v = 0; v < ofLogits.length; v++) {
      for (int j = 0; j < n; j++) {
        gradient[at.headBias() + v] += ofLogits[v][j];
      }
    }
    Rows.multiplyAdd(n, weights, at.head(), 1, at.hidden(), ofLogits, ofStates);
    Rows.multiplyAdd(
        at.hidden(), Rows.flat(n, ofLogits), 0, n, 1, Rows.transposed(n, states), ofHead);
  }

  /** {@code log Σ_v exp(power · x_v)} of each state. */
  private double[] logSums(double power) {
    double[] most = new double[n];
    Arrays.fill(most, Double.NEGATIVE_INFINITY);
    for (double[] row : logProbs) {
      raise(n, power, row, most);
    }
    double[] sums = new double[n];
    double[] term = new double[n];
    for (double[] row : logProbs) {
      for (int j = 0; j < n; j++) {
        term[j] = power * row[j] - most[j];
      }
      Rows.exp(n, term);
      for (int j = 0; j < n; j++) {
        sums[j] = sums[j] + term[j];
      }
    }
    for (int j = 0; j < n; j++) {
      sums[j] = most[j] + Math.log(sums[j]);
    }
    return sums;
  }

  private static void raise(int n, double power, double[] row, double[] most) {
    for (int j = 0; j < n; j++) {
      most[j] = Math.max(most[j], power * row[j]);
    }
  }

  private static void subtract(int n, double[] logSums, double[] row) {
    for (int j = 0; j < n; j++) {
      row[j] = row[j] - logSums[j];
    }
  }
}
