package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.TR;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.LossResult;
import io.github.tralign.loss.ScoredBatch;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.reference.Rules;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * The ways to obtain the reference's log-probabilities: one run with a second copy, one without.
 */
class SecondCopyTest {

  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void a_rule_that_promises_is_the_same_run_without_a_second_copy(
      @ForAll("copying") ReferencePolicy rule,
      @ForAll("losses") AlignmentLoss loss,
      @ForAll @IntRange(min = 1, max = 10) int pairs,
      @ForAll @IntRange(min = 1, max = 4) int batchSize,
      @ForAll @IntRange(min = 1, max = 20) int steps,
      @ForAll @IntRange(min = 1, max = 40) int microBatchTokens,
      @ForAll boolean shuffle,
      @ForAll long seed) {
    try (Policy ahead = Toy.policy();
        Policy copied = Toy.policy()) {
      UnaryOperator<TrainerBuilder> settings =
          trainer ->
              trainer
                  .loss(loss)
                  .batchSize(batchSize)
                  .maxSteps(steps)
                  .microBatchTokens(microBatchTokens)
                  .shuffle(shuffle)
                  .seed(seed)
                  .probeEvery(4);
      TrainingResult one =
          settings
              .apply(Toy.trainer(ahead, pairs))
              .reference(rule)
              .listener(hasReference(ahead, false))
              .build()
              .train();
      TrainingResult other =
          settings
              .apply(Toy.trainer(copied, pairs))
              .reference(rule::weightAfter)
              .listener(hasReference(copied, true))
              .build()
              .train();
      assertThat(metrics(one, rule)).isEqualTo(metrics(other, rule));
      assertThat(Toy.weights(ahead)).containsExactly(Toy.weights(copied));
    }
  }

  @Example
  void a_loss_that_needs_whole_distributions_keeps_a_second_copy_whatever_the_rule() {
    try (Policy policy = Toy.policy()) {
      Toy.trainer(policy, 4)
          .loss(new WholeDistributions())
          .reference(TR.hard(2))
          .listener(hasReference(policy, true))
          .build()
          .train();
    }
  }

  @Provide
  Arbitrary<ReferencePolicy> copying() {
    return Rules.copying();
  }

  @Provide
  Arbitrary<AlignmentLoss> losses() {
    return Arbitraries.of(TR.dpo(0.3), TR.ipo(0.2), TR.ipoMean(0.5), new CoupledLoss());
  }

  /**
   * All figures that both runs measure alike: the initial policy's are the batch's if it is fixed.
   */
  private static List<Map<String, Double>> metrics(TrainingResult run, ReferencePolicy rule) {
    boolean fixed = rule.nextCopyAfter(0, 1).orElseThrow() == ReferencePolicy.NEVER;
    return Toy.metrics(run, name -> !(fixed && name.startsWith("initial/")));
  }

  private static TrainingListener hasReference(Policy policy, boolean expected) {
    return new TrainingListener() {
      @Override
      public void onStart(TrainingPlan plan) {
        assertThat(plan.secondCopy()).isEqualTo(expected);
        check();
      }

      @Override
      public void onReferenceScoring(long done, long total) {
        check();
      }

      @Override
      public void onStep(StepMetrics metrics) {
        check();
      }

      private void check() {
        assertThat(policy.hasReference()).isEqualTo(expected);
      }
    };
  }

  /** DPO that asks for the divergence too. */
  private record WholeDistributions() implements AlignmentLoss {

    @Override
    public String name() {
      return "whole-distributions";
    }

    @Override
    public boolean usesReference() {
      return true;
    }

    @Override
    public boolean usesDivergence() {
      return true;
    }

    @Override
    public LossResult evaluate(ScoredBatch batch) {
      assertThat(batch.get(0, 0).divergence()).isNotNegative();
      return TR.dpo(0.3).evaluate(batch);
    }
  }
}
