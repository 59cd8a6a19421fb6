package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Weights;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

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
        assertThat(run.references.get(step)[i])
            .as("weight %d after step %d", i, step + 1)
            .isCloseTo(reference[i], within(1e-6));
      }
    }
    assertThat(distance(run.start, reference)).isGreaterThan(0.01);
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
    List<StepMetrics> still = train(metrics -> 0).metrics;
    List<StepMetrics> fixed = train(TR.fixed()).metrics;
    assertThat(still.stream().map(StepMetrics::loss))
        .isEqualTo(fixed.stream().map(StepMetrics::loss).toList());
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  private static final class Recorder implements TrainingListener {
    private final DjlPolicy policy;
    private final double[] start;
    private final List<double[]> policies = new ArrayList<>();
    private final List<double[]> references = new ArrayList<>();
    private final List<StepMetrics> metrics = new ArrayList<>();

    Recorder(DjlPolicy policy) {
      this.policy = policy;
      this.start = policy.values(PARAMETER, Weights.POLICY);
    }

    /** Told after the reference has moved. */
    @Override
    public void onStep(StepMetrics step) {
      metrics.add(step);
      policies.add(policy.values(PARAMETER, Weights.POLICY));
      if (policy.hasReference()) {
        references.add(policy.values(PARAMETER, Weights.REFERENCE));
      }
    }
  }

  private static Recorder train(ReferencePolicy rule) {
    try (DjlPolicy policy = DjlPolicy.from(Golden.path("llama")).threads(1).load()) {
      Recorder recorder = new Recorder(policy);
      Trainer.builder()
          .policy(policy)
          .data(Golden.rows())
          .loss(TR.dpo(0.1))
          .reference(rule)
          .learningRate(1e-3)
          .batchSize(10)
          .shuffle(false)
          .listener(recorder)
          .build()
          .train();
      return recorder;
    }
  }
}
