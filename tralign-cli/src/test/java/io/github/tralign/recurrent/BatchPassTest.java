package io.github.tralign.recurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class BatchPassTest {

  private static final Set<TokenStatistic> ALL = EnumSet.allOf(TokenStatistic.class);
  private static final Layout LAYOUT = new Layout(3, 4);
  private static final PreferenceBatch BATCH =
      PreferenceBatch.of(
          Example.pair(new int[] {0, 2}, new int[] {1, 1, 2}, new int[] {2}),
          Example.demonstration(new int[] {1}, new int[] {0, 2}));

  private final Random random = new Random(7);
  private final double[] weights = draw(LAYOUT.size());
  private final BatchPass reference = new BatchPass(BATCH, LAYOUT, draw(LAYOUT.size()));

  @Test
  void the_gradient_of_log_probabilities_and_divergences_is_that_of_central_differences() {
    int tokens = BATCH.completionTokens();
    TokenGradient slope = new TokenGradient(draw(tokens), draw(tokens));
    double[] gradient = new double[LAYOUT.size()];
    new BatchPass(BATCH, LAYOUT, weights).backward(slope, reference, gradient);
    double stride = 1e-5;
    for (int i = 0; i < weights.length; i++) {
      double there = weights[i];
      weights[i] = there + stride;
      double above = objective(slope);
      weights[i] = there - stride;
      double below = objective(slope);
      weights[i] = there;
      assertThat(gradient[i])
          .as("weight %d", i)
          .isCloseTo((above - below) / (2 * stride), within(1e-8));
    }
  }

  @Test
  void statistics_are_those_of_the_distributions() {
    BatchPass reading = new BatchPass(BATCH, LAYOUT, weights);
    TokenLogProbs told = reading.scores(ALL, reference);
    RecurrentStates state = RecurrentStates.start(LAYOUT, weights, 1).read(0).read(2).read(1);
    double agree = 0;
    for (double[] logProb : state.logProbs()) {
      agree += Math.exp(2 * logProb[0]);
    }
    assertThat(told.statistic(TokenStatistic.COLLISION)[1])
        .isCloseTo(Math.log(agree), within(1e-12));
    assertThat(DoubleStream.of(told.statistic(TokenStatistic.DIVERGENCE)))
        .allMatch(divergence -> divergence > 0);
    assertThat(reading.scores(ALL, reading).statistic(TokenStatistic.DIVERGENCE)).containsOnly(0);
  }

  private double objective(TokenGradient slope) {
    TokenLogProbs told = new BatchPass(BATCH, LAYOUT, weights).scores(ALL, reference);
    double sum = 0;
    for (int t = 0; t < told.values().length; t++) {
      sum += slope.logProbs()[t] * told.values()[t];
      sum += slope.divergence()[t] * told.statistic(TokenStatistic.DIVERGENCE)[t];
    }
    return sum;
  }

  private double[] draw(int n) {
    return random.doubles(n, -1, 1).toArray();
  }
}
