package io.github.tralign.recurrent;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The forward and backward pass of a batch: all its sequences, a prompt with one completion each,
 * read a token together at each time. The longest sequences come first, so that those that still
 * read are always the first columns.
 */
final class BatchPass {

  /** A prompt with a completion. */
  private record Sequence(ImmutableIntArray prompt, ImmutableIntArray completion, int firstScore) {
    int length() {
      return prompt.length() + completion.length() - 1; // the last token is only predicted
    }

    int token(int time) {
      return time < prompt.length() ? prompt.get(time) : completion.get(time - prompt.length());
    }

    /** The completion token that is predicted after a time; negative within the prompt. */
    int predicted(int time) {
      return time - prompt.length() + 1;
    }
  }

  private interface TokenAction {
    /** Does something for the completion token that a column predicts at a time. */
    void at(int column, int token, int score);
  }

  private final PreferenceBatch batch;
  private final Layout at;
  private final List<Sequence> sequences = new ArrayList<>();
  private final List<GruStep> steps = new ArrayList<>();
  private final List<NextTokens> predictions = new ArrayList<>();

  BatchPass(PreferenceBatch batch, Layout at, double[] weights) {
    this.batch = batch;
    this.at = at;
    batch.requireKnown(at.vocabulary());
    int scores = 0;
    for (Example example : batch.examples()) {
      for (ImmutableIntArray completion : example.completions()) {
        sequences.add(new Sequence(example.prompt(), completion, scores));
        scores += completion.length();
      }
    }
    sequences.sort(Comparator.comparingInt(Sequence::length).reversed()); // a stable sort
    double[][] states = new double[at.hidden()][sequences.size()];
    for (int time = 0; time < sequences.get(0).length(); time++) {
      GruStep step = new GruStep(at, weights, states, tokens(time));
      steps.add(step);
      states = step.after();
      predictions.add(new NextTokens(at, weights, states, states[0].length));
    }
  }

  private int[] tokens(int time) {
    return sequences.stream()
        .filter(it -> time < it.length())
        .mapToInt(it -> it.token(time))
        .toArray();
  }

  /**
   * The scores of the batch.
   *
   * @param reference the reference's pass over the same batch; used for the divergence only
   */
  TokenLogProbs scores(Set<TokenStatistic> statistics, BatchPass reference) {
    double[] values = new double[batch.completionTokens()];
    for (int time = 0; time < steps.size(); time++) {
      double[][] logProbs = predictions.get(time).logProbs();
      forEachToken(time, (j, token, score) -> values[score] = logProbs[token][j]);
    }
    Map<TokenStatistic, double[]> computed = new EnumMap<>(TokenStatistic.class);
    statistics.forEach(which -> computed.put(which, statistic(which, reference)));
    return new TokenLogProbs(batch, values, computed);
  }

  private double[] statistic(TokenStatistic which, BatchPass reference) {
    double[] values = new double[batch.completionTokens()];
    for (int time = 0; time < steps.size(); time++) {
      NextTokens next = predictions.get(time);
      double[] each =
          switch (which) {
            case COLLISION -> next.collisions();
            case DIVERGENCE -> next.divergencesFrom(reference.predictions.get(time));
          };
      forEachToken(time, (j, token, score) -> values[score] = each[j]);
    }
    return values;
  }

  /**
   * Backpropagation through time.
   *
   * @param reference the reference's pass over the same batch; used for the divergence only
   * @param gradient the derivative in the weights is added to it
   */
  void backward(TokenGradient slope, BatchPass reference, double[] gradient) {
    double[][] ofStates = new double[at.hidden()][sequences.size()];
    double[][] ofHead = new double[at.vocabulary()][at.hidden()];
    double[][] ofRecurrent = new double[3 * at.hidden()][at.hidden()];
    for (int time = steps.size() - 1; time >= 0; time--) {
      NextTokens next = predictions.get(time);
      NextTokens other = reference.predictions.get(time);
      double[][] ofLogits = new double[at.vocabulary()][next.logProbs()[0].length];
      forEachToken(
          time,
          (j, token, score) -> {
            next.addLogProb(j, token, slope.logProbs()[score], ofLogits);
            if (slope.divergence().length > 0) {
              next.addDivergence(other, j, slope.divergence()[score], ofLogits);
            }
          });
      next.backward(ofLogits, gradient, ofHead, ofStates);
      steps.get(time).backward(ofStates, gradient, ofRecurrent);
    }
    Rows.addTo(gradient, at.head(), ofHead);
    Rows.addTo(gradient, at.recurrent(), ofRecurrent);
  }

  private void forEachToken(int time, TokenAction action) {
    for (int j = 0; j < sequences.size() && time < sequences.get(j).length(); j++) {
      Sequence it = sequences.get(j);
      int predicted = it.predicted(time);
      if (predicted >= 0) {
        action.at(j, it.completion().get(predicted), it.firstScore() + predicted);
      }
    }
  }
}
