package io.github.tralign.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.tabular.TabularPolicy;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainingListener;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MeasuresTest {

  private static final double[][] START = {{-4, -3}, {-5, -6}};
  private static final double[][] END = {{-3, -5}, {-7, -7}};

  private static final ImmutableList<Example> PAIRS =
      ImmutableList.of(
          Example.pair(new int[] {0}, new int[] {1, 2}, new int[] {3}),
          Example.pair(new int[] {4}, new int[] {2}, new int[] {0}));

  @Test
  void margin_accuracy_and_means_are_what_they_are_called() {
    assertThat(HeldOut.margin(END, START)).isEqualTo((3.0 - 1.0) / 2);
    assertThat(HeldOut.accuracy(END, START)).isEqualTo(0.5);
    assertThat(HeldOut.mean(END, 0)).isEqualTo(-5);
    assertThat(HeldOut.mean(END, 1)).isEqualTo(-6);
    assertThat(new HeldOut(PAIRS).logRatio(END, START)).isEqualTo((1.0 - 2 - 2 - 1) / 5);
  }

  @Test
  void a_policy_that_has_not_moved_is_at_distance_zero() {
    TabularPolicy policy = TabularPolicy.random(5, 1);
    Start start = Start.of(policy, new HeldOut(PAIRS));
    assertThat(start.distance(policy)).isZero();
    double[] logits = policy.values("logits");
    double[][] other = new double[5][];
    Arrays.setAll(
        other,
        row -> Arrays.stream(logits, 5 * row, 5 * row + 5).map(value -> 1.5 * value).toArray());
    assertThat(start.distance(new TabularPolicy(other))).isCloseTo(0.5, within(1e-12));
  }

  @Test
  void without_a_second_copy_the_reference_is_the_policy_of_the_last_copy() {
    Policy policy = TabularPolicy.random(5, 1);
    double[][][] afterStep = new double[10][][];
    assertThat(trained(policy, TR.hard(4), afterStep).get()).isDeepEqualTo(afterStep[7]);
  }

  @Test
  void a_fixed_reference_is_the_start() {
    Policy policy = TabularPolicy.random(5, 1);
    double[][] start = new HeldOut(PAIRS).score(policy);
    assertThat(trained(policy, TR.fixed(), new double[10][][]).get()).isDeepEqualTo(start);
  }

  @Test
  void a_soft_reference_is_the_second_copy() {
    Policy policy = TabularPolicy.random(5, 1);
    double[][] scores = trained(policy, TR.soft(0.6), new double[10][][]).get();
    assertThat(scores).isDeepEqualTo(new HeldOut(PAIRS).score(policy.reference()));
  }

  private static HeldOutReference trained(
      Policy policy, ReferencePolicy rule, double[][][] afterStep) {
    HeldOut heldOut = new HeldOut(PAIRS);
    HeldOutReference scores = new HeldOutReference(policy, heldOut);
    TrainingListener recorder =
        new TrainingListener() {
          @Override
          public void onStep(StepMetrics metrics) {
            afterStep[(int) metrics.step() - 1] = heldOut.score(policy);
          }
        };
    Trainer.builder()
        .policy(policy)
        .data(PAIRS)
        .loss(TR.dpo(0.1))
        .reference(rule)
        .learningRate(0.1)
        .maxSteps(10)
        .listener(scores)
        .listener(recorder)
        .build()
        .train();
    return scores;
  }
}
