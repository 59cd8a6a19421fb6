package io.github.tralign.toy;

/**
 * How likely each token is after a state: {@code log softmax(W h + b)}.
 *
 * @param at the layout of the weights
 * @param weights of the model
 * @param state h, {@code [H]}
 * @param logProbs {@code [V]}
 */
record NextToken(Layout at, double[] weights, double[] state, double[] logProbs) {

  static NextToken after(double[] state, Layout at, double[] weights) {
    double[] logits = new double[at.vocabulary()];
    double max = Double.NEGATIVE_INFINITY;
    for (int v = 0; v < logits.length; v++) {
      int row = at.head() + v * at.hidden();
      logits[v] = weights[at.headBias() + v];
      for (int j = 0; j < state.length; j++) {
        logits[v] += weights[row + j] * state[j];
      }
      max = Math.max(max, logits[v]);
    }
    return new NextToken(at, weights, state, normalized(logits, max));
  }

  private static double[] normalized(double[] logits, double max) {
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit - max);
    }
    double logSum = max + Math.log(sum);
    for (int v = 0; v < logits.length; v++) {
      logits[v] -= logSum;
    }
    return logits;
  }

  /**
   * Goes back from the log-probability of one token.
   *
   * @param slope derivative of the objective in {@code log π(token)}
   * @param gradient where that in the weights is added to
   * @param stateSlope where that in the state is added to, {@code [H]}
   */
  void backward(int token, double slope, double[] gradient, double[] stateSlope) {
    for (int v = 0; v < logProbs.length; v++) {
      double ofLogit = slope * ((v == token ? 1 : 0) - Math.exp(logProbs[v]));
      int row = at.head() + v * at.hidden();
      gradient[at.headBias() + v] += ofLogit;
      for (int j = 0; j < state.length; j++) {
        gradient[row + j] += ofLogit * state[j];
        stateSlope[j] += ofLogit * weights[row + j];
      }
    }
  }
}
