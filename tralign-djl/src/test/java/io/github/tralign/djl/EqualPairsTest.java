package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.testkit.RelativeError;
import io.github.tralign.train.Trainer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pairs of two equal completions, which are packed apart and rounded apart: nothing is preferred,
 * so nothing is won, and a loss that compares the two moves no bit.
 */
class EqualPairsTest {

  private static final PreferenceData EQUAL =
      PreferenceData.of(
          Golden.rows().subList(0, 8).stream()
              .map(it -> new Example(it.prompt(), twice(it), it.origin()))
              .toList());

  private static ImmutableList<ImmutableIntArray> twice(Example it) {
    return ImmutableList.of(it.chosen(), it.chosen());
  }

  static Stream<AlignmentLoss> comparisons() {
    return Stream.of(
        TR.dpo(0.1),
        TR.dpo(0.1).labelSmoothing(0.1),
        TR.dpo(0.1).wpo(),
        TR.dpo(0.1).lengthDesensitized(0.5),
        TR.dpo(0.1).plus(0.5, TR.ipo(0.1)),
        TR.ipoMean(0.1),
        TR.hinge(0.1),
        TR.betaDpo(0.1),
        TR.aot(0.1),
        TR.tdpo1(0.1),
        TR.simpo(2, 0.5),
        TR.cpo(0.1).sftWeight(0));
  }

  private static List<ReferencePolicy> rules(AlignmentLoss loss) {
    boolean moves = loss.usesReference() && !loss.usesDivergence();
    return moves ? List.of(TR.fixed(), TR.soft(0.5)) : List.of(TR.fixed());
  }

  @ParameterizedTest
  @MethodSource("comparisons")
  void a_comparison_of_equals_is_no_win_and_moves_no_bit(AlignmentLoss loss) {
    for (ReferencePolicy rule : rules(loss)) {
      try (DjlPolicy policy = Golden.policy("neox").threads(1).load();
          DjlPolicy start = Golden.policy("neox").threads(1).load()) {
        for (StepMetrics step : train(policy, loss, rule)) {
          assertThat(step.gradNorm()).isZero();
          assertThat(step.values()).containsEntry("rewards/accuracies", 0.0);
          step.values()
              .forEach(
                  (name, value) -> {
                    if (name.matches(".*(accuracies|margins|flips/.*)")) {
                      assertThat(value).as(name).isZero();
                    }
                  });
        }
        for (String name : policy.parameters()) {
          assertThat(policy.values(name)).as(name).containsExactly(start.values(name));
        }
      }
    }
  }

  /** What is imitated, and what a loss asks of each completion by itself, is asked all the same. */
  @Test
  void imitation_moves_as_without_the_comparison() {
    try (DjlPolicy policy = Golden.policy("neox").threads(1).load();
        DjlPolicy imitating = Golden.policy("neox").threads(1).load()) {
      train(policy, TR.cpo(0.1), TR.fixed());
      train(imitating, TR.sft(), TR.fixed());
      for (String name : policy.parameters()) {
        assertThat(RelativeError.of(policy.values(name), imitating.values(name)))
            .as(name)
            .isLessThan(1e-5);
      }
    }
  }

  @Test
  void equal_completions_have_equal_scores_whatever_they_are_packed_with() {
    try (DjlPolicy policy = Golden.policy("llama").threads(1).load()) {
      TokenLogProbs scores = policy.score(new PreferenceBatch(EQUAL.examples()));
      for (int i = 0; i < scores.size(); i++) {
        assertThat(scores.sum(i, 0)).isEqualTo(scores.sum(i, 1));
      }
    }
  }

  private static List<StepMetrics> train(
      DjlPolicy policy, AlignmentLoss loss, ReferencePolicy rule) {
    return Trainer.builder()
        .policy(policy)
        .data(EQUAL)
        .loss(loss)
        .reference(rule)
        .learningRate(1e-3)
        .batchSize(4)
        .epochs(2)
        .evaluation(EQUAL.examples())
        .build()
        .train()
        .metrics();
  }
}
