package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainingListener;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reference of an adapter over many updates, compared with its definition. */
class AdapterReferenceTest {

  /** The average of all weights in fp64, by the definition of the soft reference. */
  private static final class DenseReference implements TrainingListener {

    private final DjlPolicy policy;
    private final double weight;
    private final Map<String, double[]> average = new LinkedHashMap<>();
    private final Map<String, double[]> base = new LinkedHashMap<>();

    DenseReference(DjlPolicy policy, double weight) {
      this.policy = policy;
      this.weight = weight;
      for (String name : policy.weights()) {
        base.put(name, policy.values(name)); // B is zero
        average.put(name, policy.values(name));
      }
    }

    @Override
    public void onStep(StepMetrics metrics) {
      update(policy, average, weight);
    }
  }

  /** Averages of what a policy's values are after each step. */
  private static TrainingListener averaging(
      DjlPolicy policy, Map<String, double[]> averages, double weight) {
    return new TrainingListener() {
      @Override
      public void onStep(StepMetrics metrics) {
        update(policy, averages, weight);
      }
    };
  }

  private static void update(DjlPolicy policy, Map<String, double[]> averages, double weight) {
    averages.forEach(
        (name, mean) -> {
          double[] values = policy.values(name);
          for (int i = 0; i < mean.length; i++) {
            mean[i] += weight * (values[i] - mean[i]);
          }
        });
  }

  @ParameterizedTest
  @CsvSource({"0.1, 0.02", "0.02, 0.2"})
  void a_soft_reference_stays_within_its_bound_of_the_dense_average(double weight, double most) {
    try (DjlPolicy policy =
        Golden.policy("llama").threads(1).adapter(Adapter.lora(2).alpha(4)).load()) {
      DenseReference dense = new DenseReference(policy, weight);
      train(policy, TR.soft(weight), 200, dense);
      double adapter = distance(dense.base, policy.weights(), policy);
      double rounding = 1e-6 * adapter + 1e-7 * norm(dense.base);
      double error = distance(dense.average, policy.weights(), policy.reference());
      assertThat(policy.referenceError()).isBetween(1e-6, most);
      assertThat(error)
          .as("bound %s, adapter %s", policy.referenceError() * adapter, adapter)
          .isLessThan(policy.referenceError() * adapter + rounding);
    }
  }

  @Test
  void an_exact_reference_has_no_error() {
    try (DjlPolicy policy = Golden.policy("llama").adapter(Adapter.lora(2)).load();
        DjlPolicy whole = Golden.policy("llama").load()) {
      policy.copyToReference();
      policy.mixReference(0.5);
      assertThat(policy.referenceError()).isZero();
      whole.copyToReference();
      assertThat(whole.referenceError()).isZero();
    }
  }

  @Test
  void factors_are_averaged_each_for_itself_where_that_is_set() {
    double weight = 0.1;
    try (DjlPolicy policy =
            Golden.policy("llama")
                .threads(1)
                .adapter(Adapter.lora(2).alpha(4))
                .averageFactors(true)
                .load();
        DjlPolicy exact =
            Golden.policy("llama").threads(1).adapter(Adapter.lora(2).alpha(4)).load()) {
      Map<String, double[]> averages = new LinkedHashMap<>();
      policy.parameters().forEach(it -> averages.put(it, policy.values(it)));
      train(policy, TR.soft(weight), 50, averaging(policy, averages, weight));
      double size = norm(averages);
      assertThat(distance(averages, averages.keySet(), policy.reference())).isLessThan(1e-6 * size);
      train(exact, TR.soft(weight), 50, new TrainingListener() {});
      Map<String, double[]> weights = new LinkedHashMap<>();
      exact.weights().forEach(it -> weights.put(it, exact.reference().values(it)));
      assertThat(distance(weights, exact.weights(), policy.reference())).isGreaterThan(1e-4);
    }
  }

  private static void train(
      DjlPolicy policy, ReferencePolicy rule, int steps, TrainingListener listener) {
    PreferenceData rows = PreferenceData.of(ImmutableList.copyOf(Golden.rows().subList(0, 8)));
    Trainer.builder()
        .policy(policy)
        .data(rows)
        .loss(TR.dpo(0.1))
        .reference(rule)
        .learningRate(4e-3)
        .batchSize(2)
        .maxSteps(steps)
        .probeEvery(0)
        .listener(listener)
        .build()
        .train();
  }

  private static double distance(
      Map<String, double[]> one, Iterable<String> names, LanguageModel other) {
    double sum = 0;
    for (String name : names) {
      double[] values = other.values(name);
      double[] expected = one.get(name);
      for (int i = 0; i < values.length; i++) {
        sum += Math.pow(values[i] - expected[i], 2);
      }
    }
    return Math.sqrt(sum);
  }

  private static double norm(Map<String, double[]> weights) {
    double sum = 0;
    for (double[] values : weights.values()) {
      for (double value : values) {
        sum += value * value;
      }
    }
    return Math.sqrt(sum);
  }
}
