package io.github.tralign.toy;

import static io.github.tralign.loss.Numerics.sigmoid;

/**
 * One step of a gated recurrent unit, with all values that its backward pass requires.
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
final class GruCell {

  private final Layout at;
  private final double[] weights;
  private final int token;
  private final double[] before; // [H], h
  private final double[] reset; // [H], r
  private final double[] update; // [H], z
  private final double[] carried; // [H], U_n h
  private final double[] candidate; // [H], n
  private final double[] after; // [H], h′

  /**
   * Reads a token.
   *
   * @param weights laid out as {@code at} says; not copied
   * @param before the state, {@code [H]}; not copied
   */
  GruCell(Layout at, double[] weights, double[] before, int token) {
    this.at = at;
    this.weights = weights;
    this.before = before;
    this.token = token;
    int hidden = at.hidden();
    int input = inputRow();
    reset = new double[hidden];
    update = new double[hidden];
    carried = new double[hidden];
    candidate = new double[hidden];
    after = new double[hidden];
    for (int i = 0; i < hidden; i++) {
      reset[i] = sigmoid(weights[input + i] + fromState(i));
      update[i] = sigmoid(weights[input + hidden + i] + fromState(hidden + i));
      carried[i] = fromState(2 * hidden + i);
      candidate[i] = Math.tanh(weights[input + 2 * hidden + i] + reset[i] * carried[i]);
      after[i] = (1 - update[i]) * candidate[i] + update[i] * before[i];
    }
  }

  /** The state after the token, {@code [H]}; not a copy. */
  double[] after() {
    return after;
  }

  /**
   * Backpropagates.
   *
   * @param slope derivative of the objective in the new state, {@code [H]}
   * @param gradient the derivative in the weights is added to it
   * @return derivative in the previous state, {@code [H]}
   */
  double[] backward(double[] slope, double[] gradient) {
    int hidden = at.hidden();
    int input = inputRow();
    double[] slopeBefore = new double[hidden];
    for (int i = 0; i < hidden; i++) {
      double ofCandidate = slope[i] * (1 - update[i]) * (1 - candidate[i] * candidate[i]);
      double ofUpdate = slope[i] * (before[i] - candidate[i]) * update[i] * (1 - update[i]);
      double ofReset = ofCandidate * carried[i] * reset[i] * (1 - reset[i]);
      gradient[input + i] += ofReset;
      gradient[input + hidden + i] += ofUpdate;
      gradient[input + 2 * hidden + i] += ofCandidate;
      slopeBefore[i] += slope[i] * update[i];
      toState(i, ofReset, slopeBefore, gradient);
      toState(hidden + i, ofUpdate, slopeBefore, gradient);
      toState(2 * hidden + i, ofCandidate * reset[i], slopeBefore, gradient);
    }
    return slopeBefore;
  }

  private int inputRow() {
    return at.input() + token * 3 * at.hidden();
  }

  private int recurrentRow(int gate) {
    return at.recurrent() + gate * at.hidden();
  }

  private double fromState(int gate) {
    int row = recurrentRow(gate);
    double sum = 0;
    for (int j = 0; j < before.length; j++) {
      sum += weights[row + j] * before[j];
    }
    return sum;
  }

  private void toState(int gate, double slope, double[] slopeBefore, double[] gradient) {
    int row = recurrentRow(gate);
    for (int j = 0; j < before.length; j++) {
      gradient[row + j] += slope * before[j];
      slopeBefore[j] += slope * weights[row + j];
    }
  }
}
