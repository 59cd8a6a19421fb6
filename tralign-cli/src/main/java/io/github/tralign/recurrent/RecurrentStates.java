package io.github.tralign.recurrent;

import java.util.Arrays;

/**
 * What a recurrent policy remembers of several sequences that it reads side by side. Immutable, but
 * for the weights, which are the policy's as they are at each call.
 */
public final class RecurrentStates {

  private final Layout at;
  private final double[] weights;
  private final double[][] states; // [H][n]

  RecurrentStates(Layout at, double[] weights, double[][] states) {
    this.at = at;
    this.weights = weights;
    this.states = states;
  }

  /** The states before the first token of {@code n} sequences. */
  static RecurrentStates start(Layout at, double[] weights, int n) {
    return new RecurrentStates(at, weights, new double[at.hidden()][n]);
  }

  /**
   * The states after one more token of each sequence.
   *
   * @param tokens one for each sequence, in [0, V)
   */
  public RecurrentStates read(int... tokens) {
    return new RecurrentStates(at, weights, new GruStep(at, weights, states, tokens).after());
  }

  /** The same states, each so many times in a row. */
  public RecurrentStates repeated(int times) {
    double[][] repeated = new double[states.length][times * states[0].length];
    for (int i = 0; i < states.length; i++) {
      double[] row = states[i];
      Arrays.setAll(repeated[i], j -> row[j / times]);
    }
    return new RecurrentStates(at, weights, repeated);
  }

  /** The log-probability of each next token, {@code [V][n]}. */
  public double[][] logProbs() {
    return next().logProbs();
  }

  /** The distributions of the next token. */
  public NextTokens next() {
    return new NextTokens(at, weights, states, states[0].length);
  }
}
