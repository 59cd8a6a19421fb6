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

/**
 * The forward and backward pass of a batch: one {@link SequencePass} for each completion of each
 * example.
 */
final class BatchPass {

  private final PreferenceBatch batch;
  private final int vocabulary;
  private final List<SequencePass> readings = new ArrayList<>();

  BatchPass(PreferenceBatch batch, Layout at, double[] weights) {
    this.batch = batch;
    this.vocabulary = at.vocabulary();
    batch.requireKnown(vocabulary);
    for (Example example : batch.examples()) {
      for (ImmutableIntArray completion : example.completions()) {
        readings.add(new SequencePass(at, weights, example.prompt(), completion));
      }
    }
  }

  /**
   * The scores of the batch.
   *
   * @param reference the reference's pass over the same batch; used for the divergence only
   */
  TokenLogProbs scores(Set<TokenStatistic> statistics, BatchPass reference) {
    Map<TokenStatistic, double[]> computed = new EnumMap<>(TokenStatistic.class);
    for (TokenStatistic statistic : statistics) {
      computed.put(
          statistic,
          switch (statistic) {
            case COLLISION -> eachToken((i, t) -> readings.get(i).prediction(t).collision());
            case DIVERGENCE ->
                eachToken(
                    (i, t) -> readings.get(i).prediction(t).divergenceFrom(reference.at(i, t)));
          });
    }
    return new TokenLogProbs(batch, eachToken((i, t) -> readings.get(i).logProb(t)), computed);
  }

  /**
   * Backpropagates.
   *
   * @param reference the reference's pass over the same batch; used for the divergence only
   * @param gradient the derivative in the weights is added to it
   */
  void backward(TokenGradient slope, BatchPass reference, double[] gradient) {
    int first = 0;
    for (int i = 0; i < readings.size(); i++) {
      SequencePass reading = readings.get(i);
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

  private interface TokenFunction {
    /** A value for token t of a completion. */
    double of(int reading, int t);
  }

  private double[] eachToken(TokenFunction function) {
    double[] values = new double[batch.completionTokens()];
    int next = 0;
    for (int i = 0; i < readings.size(); i++) {
      for (int t = 0; t < readings.get(i).length(); t++) {
        values[next++] = function.of(i, t);
      }
    }
    return values;
  }
}
