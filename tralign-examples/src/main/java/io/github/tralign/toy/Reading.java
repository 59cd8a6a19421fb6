package io.github.tralign.toy;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;

/** A prompt with one completion as a model has read it, so that the way back can be gone. */
final class Reading {

  private final ImmutableIntArray completion;
  private final List<GruCell> cells = new ArrayList<>(); // prompt, then completion without its end
  private final List<NextToken> predictions = new ArrayList<>(); // one for each completion token

  Reading(Layout at, double[] weights, ImmutableIntArray prompt, ImmutableIntArray completion) {
    this.completion = completion;
    double[] state = new double[at.hidden()];
    for (int i = 0; i < prompt.length() + completion.length() - 1; i++) {
      int token = i < prompt.length() ? prompt.get(i) : completion.get(i - prompt.length());
      GruCell cell = new GruCell(at, weights, state, token);
      cells.add(cell);
      state = cell.after();
      if (i >= prompt.length() - 1) {
        predictions.add(NextToken.after(state, at, weights));
      }
    }
  }

  /** Number of completion tokens. */
  int length() {
    return completion.length();
  }

  /** The log-probability of a completion token. */
  double logProb(int t) {
    return predictions.get(t).logProbs()[completion.get(t)];
  }

  /**
   * Backpropagation through time.
   *
   * @param slope derivative of the objective in each token's log-probability
   * @param first index in {@code slope} of the first completion token
   * @param gradient where that in the weights is added to
   */
  void backward(double[] slope, int first, double[] gradient) {
    int promptEnd = cells.size() - predictions.size();
    double[] stateSlope = new double[cells.get(0).after().length];
    for (int i = cells.size() - 1; i >= 0; i--) {
      int t = i - promptEnd;
      if (t >= 0) {
        predictions.get(t).backward(completion.get(t), slope[first + t], gradient, stateSlope);
      }
      stateSlope = cells.get(i).backward(stateSlope, gradient);
    }
  }
}
