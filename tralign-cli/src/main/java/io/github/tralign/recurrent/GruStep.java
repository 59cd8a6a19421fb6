package io.github.tralign.recurrent;

import java.util.Arrays;

/**
 * One step of a gated recurrent unit on several sequences, with all values that its backward pass
 * requires. Matrices have a row for each unit and a column for each sequence.
 *
 * <pre>
 * r = σ(W_r[x] + U_r h)        reset
 * z = σ(W_z[x] + U_z h)        update
 * n = tanh(W_n[x] + r ∘ U_n h)  candidate
 * h′ = (1 − z) ∘ n + z ∘ h
 * </pre>
 *
 * <p>Cho et al., "Learning Phrase Representations using RNN Encoder–Decoder" (arXiv 1406.1078),
 * with the reset applied after the product and z and 1 − z swapped, as in cuDNN and PyTorch.
 */
final class GruStep {

  private final Layout at;
  private final double[] weights;
  private final int[] inputs; // [n], where the input row of each sequence's token begins
  private final int n; // number of sequences
  private final double[][] before; // [H][≥ n], h
  private final double[][] gates; // [3H][n]: r, z, U_n h
  private final double[][] candidate; // [H][n], n
  private final double[][] after; // [H][n], h′

  /**
   * Reads a token of each sequence.
   *
   * @param weights laid out as {@code at} says; not copied
   * @param before the states, {@code [H][≥ n]}, of which the first n columns are read; not copied
   * @param tokens the token of each sequence, {@code [n]}
   */
  GruStep(Layout at, double[] weights, double[][] before, int[] tokens) {
    this.at = at;
    this.weights = weights;
    this.before = before;
    n = tokens.length;
    int hidden = at.hidden();
    inputs = new int[n];
    Arrays.setAll(inputs, j -> at.input() + tokens[j] * 3 * hidden);
    gates = new double[3 * hidden][n];
    candidate = new double[hidden][n];
    after = new double[hidden][n];
    readInput();
    Rows.multiplyAdd(n, weights, at.recurrent(), hidden, 1, before, gates);
    for (int i = 0; i < hidden; i++) {
      Rows.sigmoid(n, gates[i]);
      Rows.sigmoid(n, gates[hidden + i]);
      addReset(n, gates[i], gates[2 * hidden + i], candidate[i]);
      Rows.tanh(n, candidate[i]);
      mix(n, gates[hidden + i], candidate[i], before[i], after[i]);
    }
  }

  /** The new states, {@code [H][n]}; not a copy. */
  double[][] after() {
    return after;
  }

  private void readInput() {
    int hidden = at.hidden();
    for (int i = 0; i < 2 * hidden; i++) {
      readInput(i, gates[i]);
    }
    for (int i = 0; i < hidden; i++) {
      readInput(2 * hidden + i, candidate[i]);
    }
  }

  private void readInput(int gate, double[] row) {
    for (int j = 0; j < n; j++) {
      row[j] = weights[inputs[j] + gate];
    }
  }

  private static void addReset(int n, double[] r, double[] carried, double[] candidate) {
    for (int j = 0; j < n; j++) {
      candidate[j] = candidate[j] + r[j] * carried[j];
    }
  }

  private static void mix(int n, double[] z, double[] c, double[] before, double[] after) {
    for (int j = 0; j < n; j++) {
      after[j] = (1 - z[j]) * c[j] + z[j] * before[j];
    }
  }

  /**
   * Backpropagates.
   *
   * @param slope derivative of the objective in the new states, {@code [H][≥ n]}; becomes that in
   *     the previous states
   * @param gradient the derivative in the input weights is added to it
   * @param ofRecurrent the derivative in the recurrent matrix is added to it, {@code [3H][H]}
   */
  void backward(double[][] slope, double[] gradient, double[][] ofRecurrent) {
    int hidden = at.hidden();
    double[][] ofGates = new double[3 * hidden][n];
    double[][] ofCandidate = new double[hidden][n];
    for (int i = 0; i < hidden; i++) {
      double[] r = gates[i];
      double[] z = gates[hidden + i];
      double[] carried = gates[2 * hidden + i];
      slopes(n, slope[i], z, candidate[i], before[i], ofGates[hidden + i], ofCandidate[i]);
      throughReset(n, ofCandidate[i], r, carried, ofGates[i], ofGates[2 * hidden + i]);
    }
    addInput(ofGates, ofCandidate, gradient);
    Rows.multiplyAdd(n, weights, at.recurrent(), 1, hidden, ofGates, slope);
    Rows.multiplyAdd(
        hidden, Rows.flat(n, ofGates), 0, n, 1, Rows.transposed(n, before), ofRecurrent);
  }

  /** Of the candidate before its tanh, of the update before its sigmoid, and along z ∘ h. */
  private static void slopes(
      int n,
      double[] slope,
      double[] z,
      double[] candidate,
      double[] before,
      double[] ofUpdate,
      double[] ofCandidate) {
    for (int j = 0; j < n; j++) {
      ofCandidate[j] = slope[j] * (1 - z[j]) * (1 - candidate[j] * candidate[j]);
      ofUpdate[j] = slope[j] * (before[j] - candidate[j]) * z[j] * (1 - z[j]);
      slope[j] = slope[j] * z[j];
    }
  }

  private static void throughReset(
      int n, double[] ofCandidate, double[] r, double[] carried, double[] ofReset, double[] of) {
    for (int j = 0; j < n; j++) {
      ofReset[j] = ofCandidate[j] * carried[j] * r[j] * (1 - r[j]);
      of[j] = ofCandidate[j] * r[j];
    }
  }

  private void addInput(double[][] ofGates, double[][] ofCandidate, double[] gradient) {
    int hidden = at.hidden();
    for (int i = 0; i < 2 * hidden; i++) {
      addInput(i, ofGates[i], gradient);
    }
    for (int i = 0; i < hidden; i++) {
      addInput(2 * hidden + i, ofCandidate[i], gradient);
    }
  }

  private void addInput(int gate, double[] row, double[] gradient) {
    for (int j = 0; j < n; j++) {
      gradient[inputs[j] + gate] += row[j];
    }
  }
}
