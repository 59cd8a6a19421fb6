package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.loss.Numerics;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import io.github.tralign.reference.ReferencePolicy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Losses that see the divergence of whole distributions, on a table of logits. */
class DivergenceTrainingTest {

  private static final double BETA = 0.3;
  private static final int V = Toy.VOCABULARY;

  /** The loss as a function of the logits, written down by hand, gives the run's gradient. */
  @Test
  void the_gradient_goes_through_the_divergences() {
    List<double[]> weights = new ArrayList<>(List.of(Toy.weights(Toy.policy())));
    Policy policy = Toy.policy();
    TrainingResult run =
        Toy.trainer(policy, 5)
            .loss(TR.tdpo1(BETA))
            .batchSize(5)
            .shuffle(false)
            .epochs(4)
            .microBatchTokens(20)
            .listener(
                new TrainingListener() {
                  @Override
                  public void onStep(StepMetrics metrics) {
                    weights.add(Toy.weights(policy));
                  }
                })
            .build()
            .train();
    for (int step = 0; step < 4; step++) {
      double[] theta = weights.get(step);
      double squares = 0;
      for (int i = 0; i < theta.length; i++) {
        double slope =
            (loss(theta, weights.get(0), i, 1e-5) - loss(theta, weights.get(0), i, -1e-5)) / 2e-5;
        squares += slope * slope;
      }
      StepMetrics metrics = run.metrics().get(step);
      assertThat(metrics.loss()).isCloseTo(loss(theta, weights.get(0), 0, 0), within(1e-12));
      assertThat(metrics.gradNorm()).isCloseTo(Math.sqrt(squares), within(1e-8));
    }
  }

  @Test
  void a_second_copy_is_kept_whatever_the_rule() {
    for (ReferencePolicy rule : List.of(TR.fixed(), TR.hard(2), TR.soft(0.6))) {
      Policy policy = Toy.policy();
      Toy.trainer(policy, 4).loss(TR.tdpo2(BETA)).reference(rule).build().train();
      assertThat(policy.hasReference()).isTrue();
    }
  }

  @Test
  void both_forms_and_dpo_are_different_runs() {
    List<double[]> ends = new ArrayList<>();
    for (var loss : List.of(TR.dpo(BETA), TR.tdpo1(BETA), TR.tdpo2(BETA))) {
      Policy policy = Toy.policy();
      Toy.trainer(policy, 6).loss(loss).epochs(3).build().train();
      ends.add(Toy.weights(policy));
    }
    assertThat(ends).doesNotHaveDuplicates();
  }

  /** TDPO₁ on the five pairs, with one logit moved. */
  private static double loss(double[] theta, double[] reference, int moved, double by) {
    double[] policy = theta.clone();
    policy[moved] += by;
    double sum = 0;
    for (Example pair : Toy.pairs(5)) {
      double u =
          advantage(policy, reference, pair.prompt(), pair.chosen())
              - advantage(policy, reference, pair.prompt(), pair.rejected());
      sum -= Numerics.logSigmoid(BETA * u) / 5;
    }
    return sum;
  }

  /** Log-ratio plus divergence of a completion. */
  private static double advantage(
      double[] policy, double[] reference, ImmutableIntArray prompt, ImmutableIntArray completion) {
    double sum = 0;
    int before = prompt.get(prompt.length() - 1);
    for (int token : completion.toArray()) {
      double[] p = logSoftmax(policy, before);
      double[] ref = logSoftmax(reference, before);
      sum += p[token] - ref[token];
      for (int v = 0; v < V; v++) {
        sum += Math.exp(ref[v]) * (ref[v] - p[v]);
      }
      before = token;
    }
    return sum;
  }

  private static double[] logSoftmax(double[] logits, int row) {
    double sum = 0;
    for (int v = 0; v < V; v++) {
      sum += Math.exp(logits[row * V + v]);
    }
    double[] logs = new double[V];
    for (int v = 0; v < V; v++) {
      logs[v] = logits[row * V + v] - Math.log(sum);
    }
    return logs;
  }
}
