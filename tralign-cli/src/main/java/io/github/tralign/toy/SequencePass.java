package io.github.tralign.toy;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;

/** The forward and backward pass of a prompt with one completion. */
final class SequencePass {

  private final ImmutableIntArray completion;
  private final List<GruCell> cells =
      new ArrayList<>(); // prompt, then completion without its last token
  private final List<NextToken> predictions = new ArrayList<>(); // one for each completion token

  SequencePass(
      Layout at, double[] weights, ImmutableIntArray prompt, ImmutableIntArray completion) {
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

  /** The predicted distribution of a completion token. */
  NextToken prediction(int t) {
    return predictions.get(t);
  }

  /** The log-probability of a completion token. */
  double logProb(int t) {
    return predictions.get(t).logProbs()[completion.get(t)];
  }

  /** Adds {@code slope · ∂ log π_t / ∂ logits_t} to {@code ofLogits}. */
  void addLogProb(int t, double slope, double[] ofLogits) {
    predictions.get(t).addLogProb(completion.get(t), slope, ofLogits);
  }

  /**
   * Backpropagation through time.
   *
   * @param ofLogits derivative of the objective in the logits of each completion token, {@code [T,
   *     V]}
   * @param gradient the derivative in the weights is added to it
   */
  void backward(double[][] ofLogits, double[] gradient) {
    int first =
        cells.size() - predictions.size(); // the cell that predicts the first completion token
    double[] ofState = new double[cells.get(0).after().length];
    for (int i = cells.size() - 1; i >= 0; i--) {
      if (i >= first) {
        predictions.get(i - first).backward(ofLogits[i - first], gradient, ofState);
      }
      ofState = cells.get(i).backward(ofState, gradient);
    }
  }
}
