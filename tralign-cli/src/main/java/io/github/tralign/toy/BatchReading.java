package io.github.tralign.toy;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A batch as a model has read it: one reading for each completion of each example. */
final class BatchReading {

  private final PreferenceBatch batch;
  private final int vocabulary;
  private final List<Reading> readings = new ArrayList<>();

  BatchReading(PreferenceBatch batch, Layout at, double[] weights) {
    this.batch = batch;
    this.vocabulary = at.vocabulary();
    for (Example example : batch.examples()) {
      for (ImmutableIntArray completion : example.completions()) {
        readings.add(new Reading(at, weights, example.prompt(), completion));
      }
    }
  }

  /**
   * What the model tells of the batch.
   *
   * @param reference the same batch as the reference has read it; used for the divergence only
   */
  TokenLogProbs tell(Set<TokenStatistic> statistics, BatchReading reference) {
    Map<TokenStatistic, double[]> told = new EnumMap<>(TokenStatistic.class);
    for (TokenStatistic statistic : statistics) {
      told.put(
          statistic,
          switch (statistic) {
            case COLLISION -> eachToken((i, t) -> readings.get(i).prediction(t).collision());
            case DIVERGENCE ->
                eachToken(
                    (i, t) -> readings.get(i).prediction(t).divergenceFrom(reference.at(i, t)));
          });
    }
    return new TokenLogProbs(batch, eachToken((i, t) -> readings.get(i).logProb(t)), told);
  }

  /**
   * Backpropagation.
   *
   * @param reference the same batch as the reference has read it; used for the divergence only
   * @param gradient where the derivative in the weights is added to
   */
  void backward(TokenGradient slope, BatchReading reference, double[] gradient) {
    int first = 0;
    for (int i = 0; i < readings.size(); i++) {
      Reading reading = readings.get(i);
      double[][] ofLogits = new double[reading.length()][vocabulary];
      for (int t = 0; t < reading.length(); t++) {
        reading.addLogProb(t, slope.logProbs()[first + t], ofLogits[t]);
        if (slope.divergence().length > 0) {
          double ofDivergence = slope.divergence()[first + t];
          reading.prediction(t).addDivergence(reference.at(i, t), ofDivergence, ofLogits[t]);
        }
      }
      reading.backward(ofLogits, gradient);
      first += reading.length();
    }
  }

  private NextToken at(int reading, int t) {
    return readings.get(reading).prediction(t);
  }

  private interface TokenFigure {
    /** A figure of a reading's token. */
    double of(int reading, int t);
  }

  private double[] eachToken(TokenFigure figure) {
    double[] figures = new double[batch.completionTokens()];
    int next = 0;
    for (int i = 0; i < readings.size(); i++) {
      for (int t = 0; t < readings.get(i).length(); t++) {
        figures[next++] = figure.of(i, t);
      }
    }
    return figures;
  }
}
