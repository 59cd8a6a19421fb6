package io.github.tralign.toy;

/**
 * The distribution of the next token after a state: {@code log softmax(W h + b)}.
 *
 * @param at the layout of the weights
 * @param weights the model's weights
 * @param state the state h, {@code [H]}
 * @param logProbs the log-probability of each token, {@code [V]}
 */
record NextToken(Layout at, double[] weights, double[] state, double[] logProbs) {

  static NextToken after(double[] state, Layout at, double[] weights) {
    double[] logits = new double[at.vocabulary()];
    for (int v = 0; v < logits.length; v++) {
      int row = at.head() + v * at.hidden();
      logits[v] = weights[at.headBias() + v];
      for (int j = 0; j < state.length; j++) {
        logits[v] += weights[row + j] * state[j];
      }
    }
    double logSum = logSum(logits, 1);
    for (int v = 0; v < logits.length; v++) {
      logits[v] -= logSum;
    }
    return new NextToken(at, weights, state, logits);
  }

  /** {@code log Σ_v π(v)²}. */
  double collision() {
    return logSum(logProbs, 2);
  }

  /** {@code KL(other ‖ this)}. */
  double divergenceFrom(NextToken other) {
    double sum = 0;
    for (int v = 0; v < logProbs.length; v++) {
      sum += Math.exp(other.logProbs[v]) * (other.logProbs[v] - logProbs[v]);
    }
    return Math.max(0, sum);
  }

  /** Adds {@code slope · ∂ log π(token) / ∂ logits} to {@code ofLogits}. */
  void addLogProb(int token, double slope, double[] ofLogits) {
    for (int v = 0; v < logProbs.length; v++) {
      ofLogits[v] += slope * ((v == token ? 1 : 0) - Math.exp(logProbs[v]));
    }
  }

  /** Adds {@code slope · ∂ KL(other ‖ this) / ∂ logits} to {@code ofLogits}. */
  void addDivergence(NextToken other, double slope, double[] ofLogits) {
    for (int v = 0; v < logProbs.length; v++) {
      ofLogits[v] += slope * (Math.exp(logProbs[v]) - Math.exp(other.logProbs[v]));
    }
  }

  /**
   * Backpropagates.
   *
   * @param ofLogits derivative of the objective in the logits, {@code [V]}
   * @param gradient the derivative in the weights is added to it
   * @param ofState the derivative in the state is added to it, {@code [H]}
   */
  void backward(double[] ofLogits, double[] gradient, double[] ofState) {
    for (int v = 0; v < ofLogits.length; v++) {
      int row = at.head() + v * at.hidden();
      gradient[at.headBias() + v] += ofLogits[v];
      for (int j = 0; j < state.length; j++) {
        gradient[row + j] += ofLogits[v] * state[j];
        ofState[j] += ofLogits[v] * weights[row + j];
      }
    }
  }

  /** {@code log Σ_v exp(power · x_v)}. */
  private static double logSum(double[] x, double power) {
    double max = Double.NEGATIVE_INFINITY;
    for (double it : x) {
      max = Math.max(max, power * it);
    }
    double sum = 0;
    for (double it : x) {
      sum += Math.exp(power * it - max);
    }
    return max + Math.log(sum);
  }
}
