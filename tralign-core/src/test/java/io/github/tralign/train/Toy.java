package io.github.tralign.train;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.Policy;
import io.github.tralign.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/** A small policy and small data to train on. */
final class Toy {

  static final int VOCABULARY = 6;

  private Toy() {}

  static TabularPolicy policy() {
    return TabularPolicy.random(VOCABULARY, 1);
  }

  /** Pairs of unlike lengths, always the same. */
  static List<Example> pairs(int number) {
    Random random = new Random(9);
    List<Example> pairs = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      pairs.add(Example.pair(tokens(random), tokens(random), tokens(random)));
    }
    return pairs;
  }

  private static int[] tokens(Random random) {
    return random.ints(1 + random.nextInt(5), 0, VOCABULARY).toArray();
  }

  /** A trainer's settings that move the policy visibly within a few steps. */
  static TrainerBuilder trainer(Policy policy, int pairs) {
    return Trainer.builder()
        .policy(policy)
        .data(pairs(pairs))
        .loss(TR.dpo(0.3))
        .learningRate(0.05)
        .batchSize(3);
  }

  static double[] weights(Policy policy) {
    return policy.values("logits");
  }

  /** All metrics but those measured with a clock. */
  /** Figures of how a run was computed: its speed, and what only a second copy tells. */
  private static final Set<String> OF_THE_WAY =
      Set.of("pairs_per_second", "reference/weight_distance");

  static List<Map<String, Double>> metrics(TrainingResult result) {
    return metrics(result, name -> true);
  }

  static List<Map<String, Double>> metrics(TrainingResult result, Predicate<String> names) {
    List<Map<String, Double>> metrics = new ArrayList<>();
    for (StepMetrics step : result.metrics()) {
      ImmutableMap.Builder<String, Double> values = ImmutableMap.builder();
      step.values()
          .forEach(
              (name, value) -> {
                if (!OF_THE_WAY.contains(name) && names.test(name)) {
                  values.put(name, value);
                }
              });
      metrics.add(values.build());
    }
    return metrics;
  }

  static double[] losses(TrainingResult result) {
    return result.metrics().stream().mapToDouble(StepMetrics::loss).toArray();
  }
}
