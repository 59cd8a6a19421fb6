package io.github.tralign.djl;

import static io.github.tralign.testkit.RelativeError.difference;
import static io.github.tralign.testkit.RelativeError.norm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.tralign.TR;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.testkit.RelativeError;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainingListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MovingReferenceTest {

  private static final String PARAMETER = "model.layers.1.mlp.up_proj.weight";
  private static final double ALPHA = 0.6;

  @Test
  void after_each_step_the_reference_is_the_soft_mix_of_the_policies_so_far() {
    Recorder run = train(TR.soft(ALPHA));
    double[] reference = run.start.clone();
    for (int step = 0; step < run.policies.size(); step++) {
      double[] policy = run.policies.get(step);
      for (int i = 0; i < reference.length; i++) {
        reference[i] = ALPHA * policy[i] + (1 - ALPHA) * reference[i];
      }
      assertThat(RelativeError.of(run.references.get(step), reference))
          .as("after step %d", step + 1)
          .isLessThan(1e-6);
    }
    assertThat(norm(difference(reference, run.start))).isGreaterThan(0.01);
  }

  @Test
  void a_mix_every_third_step_leaves_the_reference_alone_in_between() {
    Recorder run = train(TR.mixed(ALPHA, 3));
    assertThat(run.references.get(0)).containsExactly(run.start);
    assertThat(run.references.get(1)).containsExactly(run.start);
    assertThat(run.references.get(2)).isNotEqualTo(run.start);
    assertThat(run.references.get(3)).containsExactly(run.references.get(2));
  }

  @Test
  void a_rule_that_mixes_nothing_trains_as_the_fixed_reference_does() {
    Recorder still = train(metrics -> 0);
    assertThat(still.losses()).isEqualTo(train(TR.fixed()).losses());
    assertThat(still.references)
        .allSatisfy(reference -> assertThat(reference).containsExactly(still.start));
  }

  @Test
  void soft_with_alpha_one_and_hard_with_tau_one_are_the_same_run_bit_for_bit() {
    Recorder hard = train(TR.hard(1));
    for (ReferencePolicy same : List.<ReferencePolicy>of(TR.soft(1), metrics -> 1)) {
      Recorder run = train(same);
      assertThat(run.losses()).isEqualTo(hard.losses());
      assertThat(run.policies).usingElementComparator(Arrays::compare).isEqualTo(hard.policies);
    }
  }

  /** Eight steps of two epochs, so that windows cross the end of an epoch. */
  static List<Arguments> rules_and_losses() {
    List<Arguments> all = new ArrayList<>();
    for (AlignmentLoss loss : List.of(TR.dpo(0.1), TR.ipo(0.1))) {
      for (ReferencePolicy rule : List.of(TR.fixed(), TR.hard(3), TR.hardEpochs(0.5))) {
        all.add(arguments(rule, loss));
      }
    }
    return all;
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("rules_and_losses")
  void a_rule_that_promises_is_the_same_run_without_a_second_copy(
      ReferencePolicy rule, AlignmentLoss loss) {
    Recorder ahead = train(rule, loss, false);
    Recorder copied = train(rule::weightAfter, loss, false);
    assertThat(ahead.references).isEmpty();
    assertThat(copied.references).hasSize(8);
    assertThat(ahead.losses()).isEqualTo(copied.losses());
    assertThat(ahead.policies).usingElementComparator(Arrays::compare).isEqualTo(copied.policies);
  }

  /** In another order examples are packed with others, and rounded otherwise. */
  @Test
  void in_another_order_the_run_without_a_second_copy_is_the_same_but_for_rounding() {
    for (ReferencePolicy rule : List.of(TR.fixed(), TR.hard(3), TR.hardEpochs(0.75))) {
      Recorder ahead = train(rule, TR.dpo(0.1), true);
      Recorder copied = train(rule::weightAfter, TR.dpo(0.1), true);
      assertThat(ahead.references).isEmpty();
      for (int step = 0; step < 8; step++) {
        assertThat(ahead.losses().get(step)).isCloseTo(copied.losses().get(step), within(1e-5));
      }
    }
  }

  @Test
  void a_reference_by_distance_moves_exactly_when_the_policy_went_too_far() {
    Recorder run = train(TR.distance(0.02), TR.dpo(0.1), false);
    double[] reference = run.start;
    for (int step = 0; step < run.policies.size(); step++) {
      boolean far = Math.abs(run.metrics.get(step).get("logratios/reference")) > 0.02;
      reference = far ? run.policies.get(step) : reference;
      assertThat(run.references.get(step)).containsExactly(reference);
    }
    assertThat(run.metrics.stream().map(it -> it.get("reference/weight"))).contains(0.0, 1.0);
  }

  private static final class Recorder implements TrainingListener {
    private final DjlPolicy policy;
    private final double[] start;
    private final List<double[]> policies = new ArrayList<>();
    private final List<double[]> references = new ArrayList<>();
    private final List<StepMetrics> metrics = new ArrayList<>();

    List<Double> losses() {
      return metrics.stream().map(StepMetrics::loss).toList();
    }

    Recorder(DjlPolicy policy) {
      this.policy = policy;
      this.start = policy.values(PARAMETER);
    }

    /** Told after the reference has moved. */
    @Override
    public void onStep(StepMetrics step) {
      metrics.add(step);
      policies.add(policy.values(PARAMETER));
      if (policy.hasReference()) {
        references.add(policy.reference().values(PARAMETER));
      }
    }
  }

  private static Recorder train(ReferencePolicy rule) {
    return train(rule, TR.dpo(0.1), false);
  }

  private static Recorder train(ReferencePolicy rule, AlignmentLoss loss, boolean shuffle) {
    try (DjlPolicy policy = Golden.policy("llama").threads(1).load()) {
      Recorder recorder = new Recorder(policy);
      Trainer.builder()
          .policy(policy)
          .data(Golden.rows())
          .loss(loss)
          .reference(rule)
          .learningRate(1e-3)
          .batchSize(10)
          .epochs(2)
          .shuffle(shuffle)
          .listener(recorder)
          .build()
          .train();
      return recorder;
    }
  }
}
