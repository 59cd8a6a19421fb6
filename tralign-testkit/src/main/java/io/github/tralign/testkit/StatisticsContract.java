package io.github.tralign.testkit;

import static io.github.tralign.testkit.PolicyTools.adamW;
import static io.github.tralign.testkit.PolicyTools.descend;
import static io.github.tralign.testkit.PolicyTools.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What a {@link Policy} must do for statistics of the next-token distributions and their gradients.
 *
 * <p>Statistics are compared with sums over the whole vocabulary, each token of which is scored as
 * a separate completion.
 */
abstract class StatisticsContract extends GradientContract {

  private static final Set<TokenStatistic> BOTH = EnumSet.allOf(TokenStatistic.class);
  private static final Set<TokenStatistic> DIVERGENCE = Set.of(TokenStatistic.DIVERGENCE);
  private static final Set<TokenStatistic> COLLISION = Set.of(TokenStatistic.COLLISION);

  @Test
  void only_requested_statistics_are_returned() {
    Policy policy = departed(1e-2);
    for (TokenStatistic statistic : BOTH) {
      TokenLogProbs returned = policy.score(batch(), Set.of(statistic));
      assertThat(returned.statistic(statistic)).hasSize(batch().completionTokens());
      for (TokenStatistic other : EnumSet.complementOf(EnumSet.of(statistic))) {
        assertThat(returned.has(other)).isFalse();
      }
    }
  }

  @Test
  void log_probabilities_are_the_same_bits_whichever_statistics_are_requested() {
    Policy policy = departed(1e-2);
    assertThat(policy.score(batch(), BOTH).values())
        .containsExactly(policy.score(batch()).values());
    assertThat(policy.reference().score(batch(), COLLISION).values())
        .containsExactly(policy.reference().score(batch()).values());
  }

  @Test
  void the_collision_is_the_sum_of_all_squared_probabilities() {
    Policy policy = departed(1e-2);
    PreferenceBatch batch = PreferenceBatch.of(example(3, 4));
    for (LanguageModel model : List.of(policy, policy.reference())) {
      double[] returned = model.score(batch, COLLISION).statistic(TokenStatistic.COLLISION);
      double[][] all = distributions(model, batch);
      for (int t = 0; t < returned.length; t++) {
        double sum = Arrays.stream(all[t]).map(logProb -> Math.exp(2 * logProb)).sum();
        assertRelative(returned[t], Math.log(sum), 2);
        assertThat(returned[t]).isLessThanOrEqualTo(0);
      }
    }
  }

  /** Errors of ε in the log-probabilities cause an error of about ε √(2 KL) in the divergence. */
  @Test
  void the_divergence_is_accurate_even_for_very_similar_distributions() {
    for (double rate : new double[] {1e-1, 1e-2, 1e-4}) {
      Policy policy = departed(rate);
      PreferenceBatch batch = PreferenceBatch.of(example(3, 4));
      double[] returned = divergence(policy.score(batch, DIVERGENCE));
      double[][] p = distributions(policy, batch);
      double[][] ref = distributions(policy.reference(), batch);
      for (int t = 0; t < returned.length; t++) {
        double expected = divergence(ref[t], p[t]);
        assertThat(returned[t])
            .as("after a step of %s", rate)
            .isCloseTo(expected, within(tolerance() * Math.sqrt(2 * expected)));
      }
    }
  }

  @Test
  void the_divergence_is_zero_right_after_a_copy_to_the_reference() {
    Policy policy = departed(1e-2);
    policy.copyToReference();
    assertThat(divergence(policy.score(batch(), DIVERGENCE))).containsOnly(0);
  }

  @Test
  void the_reference_itself_has_no_reference() {
    Policy policy = departed(1e-2);
    assertThatIllegalStateException()
        .isThrownBy(() -> policy.reference().score(batch(), DIVERGENCE))
        .withMessageContaining("reference");
  }

  @Test
  void the_divergence_is_never_negative() {
    for (double rate = 1; rate > 1e-9; rate /= 10) {
      for (double value : divergence(departed(rate).score(batch(), DIVERGENCE))) {
        assertThat(value).as("after a step of %s", rate).isFinite().isNotNegative();
      }
    }
  }

  @Test
  void the_objective_is_returned_the_statistics_that_scoring_tells() {
    Policy policy = departed(1e-2);
    TokenLogProbs scored = policy.score(batch(), BOTH);
    policy.accumulate(
        batch(),
        BOTH,
        returned -> {
          for (TokenStatistic statistic : BOTH) {
            assertClose(returned.statistic(statistic), scored.statistic(statistic));
          }
          return TokenGradient.of(new double[scored.values().length]);
        });
  }

  @Test
  void the_gradient_of_the_divergence_predicts_how_it_changes_along_any_gradient() {
    assertPredictedAlongGradients(() -> departed(1e-2), LinearObjective.ofBoth(batch(), 1));
  }

  @Test
  void the_gradient_of_the_divergence_predicts_how_it_changes_when_all_weights_shrink() {
    assertPredictedWhenShrinking(() -> departed(1e-2), LinearObjective.ofBoth(batch(), 1));
  }

  @Test
  void gradients_of_the_divergence_of_slices_add_up_to_that_of_the_whole() {
    LinearObjective objective = LinearObjective.ofBoth(batch(), 1);
    Policy whole = departed(1e-2);
    Map<String, double[]> before = values(whole);
    objective.accumulate(whole, batch());
    Policy sliced = departed(1e-2);
    accumulateSlices(sliced, objective);
    assertRelative(sliced.step(descend(1)), whole.step(descend(1)), 1);
    assertSameMove(before, values(sliced), values(whole));
  }

  @Test
  void an_objective_may_ignore_the_requested_statistics() {
    Policy asking = departed(1e-2);
    asking.accumulate(batch(), BOTH, scores -> slope(batch()));
    Policy silent = departed(1e-2);
    silent.accumulate(batch(), scores -> slope(batch()));
    asking.step(descend(1));
    silent.step(descend(1));
    assertSame(values(asking), values(silent));
  }

  @Test
  void a_divergence_without_weight_adds_nothing() {
    LinearObjective logProbs = LinearObjective.ofLogProbs(batch(), 1);
    Policy alone = departed(1e-2);
    Map<String, double[]> before = values(alone);
    logProbs.accumulate(alone, batch());
    Policy both = departed(1e-2);
    new LinearObjective(logProbs.logProbs(), new double[batch().completionTokens()])
        .accumulate(both, batch());
    alone.step(descend(1));
    both.step(descend(1));
    assertSameMove(before, values(both), values(alone));
  }

  @Test
  void statistics_change_neither_weights_nor_gradients() {
    Policy policy = departed(1e-2);
    Map<String, double[]> before = values(policy);
    Map<String, double[]> ref = values(policy.reference());
    TokenLogProbs first = policy.score(batch(), BOTH);
    TokenLogProbs second = policy.score(batch(), BOTH);
    for (TokenStatistic statistic : BOTH) {
      assertThat(second.statistic(statistic)).containsExactly(first.statistic(statistic));
    }
    assertThat(policy.step(descend(1))).isZero();
    assertSame(values(policy), before);
    LinearObjective.ofBoth(batch(), 1).accumulate(policy, batch());
    policy.step(descend(1));
    assertSame(values(policy.reference()), ref);
  }

  @Test
  void without_a_reference_only_the_collision_is_available() {
    Policy policy = open();
    assertThatIllegalStateException()
        .isThrownBy(() -> policy.score(batch(), DIVERGENCE))
        .withMessageContaining("copyToReference");
    assertThatIllegalStateException()
        .isThrownBy(() -> policy.accumulate(batch(), DIVERGENCE, scores -> slope(batch())))
        .withMessageContaining("copyToReference");
    assertThat(policy.step(descend(1))).isZero();
    assertThat(policy.score(batch(), COLLISION).has(TokenStatistic.COLLISION)).isTrue();
  }

  /** A policy one AdamW step from its reference. */
  private Policy departed(double learningRate) {
    Policy policy = open();
    policy.copyToReference();
    accumulate(policy, batch());
    policy.step(adamW(learningRate));
    return policy;
  }

  private static TokenGradient slope(PreferenceBatch batch) {
    return TokenGradient.of(PolicyTools.tokenWeights(batch, 1));
  }

  private static double[] divergence(TokenLogProbs scores) {
    return scores.statistic(TokenStatistic.DIVERGENCE);
  }

  /**
   * For each completion token, the log-probabilities of all tokens of the vocabulary at its
   * position.
   */
  private static double[][] distributions(LanguageModel model, PreferenceBatch batch) {
    Example example = batch.examples().get(0);
    ImmutableIntArray completion = example.completions().get(0);
    double[][] all = new double[completion.length()][];
    for (int t = 0; t < all.length; t++) {
      ImmutableIntArray before =
          ImmutableIntArray.builder()
              .addAll(example.prompt())
              .addAll(completion.subArray(0, t))
              .build();
      ImmutableList.Builder<ImmutableIntArray> each = ImmutableList.builder();
      for (int id = 0; id < model.vocabularySize(); id++) {
        each.add(ImmutableIntArray.of(id));
      }
      Example next = new Example(before, each.build(), "all tokens");
      all[t] = model.score(PreferenceBatch.of(next)).values();
    }
    return all;
  }

  /**
   * {@code Σ ref (d − 1 + e^−d)}, {@code d = log ref − log p}: the divergence of distributions that
   * add up to one, with terms that are small and positive where the two are close.
   */
  private static double divergence(double[] ref, double[] p) {
    double sum = 0;
    for (int v = 0; v < p.length; v++) {
      double d = ref[v] - p[v];
      sum += Math.exp(ref[v]) * (d + Math.expm1(-d));
    }
    return sum;
  }
}
