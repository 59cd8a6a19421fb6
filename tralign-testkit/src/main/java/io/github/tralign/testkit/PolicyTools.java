package io.github.tralign.testkit;

import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.optimizer.ParameterGroup;
import io.github.tralign.optimizer.ParameterGroups;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.Policy;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.NullUnmarked;

/**
 * Obtains through the interface of policies what it does not offer directly: gradients, plain
 * gradient descent and derivatives.
 */
@NullUnmarked // maps by parameter have a value for each name
final class PolicyTools {

  // With no memory (both decays 0) AdamW moves by lr · g / (|g| + epsilon): where epsilon is far
  // above every |g| and lr = epsilon · rate, that is plain gradient descent with that rate.
  private static final double EPSILON = 1e10;
  private static final AdamW PLAIN = new AdamW(0, 0, EPSILON, 0);

  private PolicyTools() {}

  /** Plain gradient descent, without clipping. */
  static OptimizerStep descend(double rate) {
    return new OptimizerStep(EPSILON * rate, Double.POSITIVE_INFINITY, PLAIN);
  }

  /** Multiplies every weight by {@code 1 − share} if no gradient is accumulated. */
  static OptimizerStep shrink(double share) {
    return new OptimizerStep(share, Double.POSITIVE_INFINITY, new AdamW(0, 0, EPSILON, 1));
  }

  /** An ordinary AdamW step. */
  static OptimizerStep adamW(double learningRate) {
    return new OptimizerStep(learningRate, Double.POSITIVE_INFINITY, AdamW.ofDefaults());
  }

  /** The step with groups of parameters. */
  static OptimizerStep grouped(OptimizerStep step, ParameterGroup... groups) {
    return grouped(step, ParameterGroups.of(groups));
  }

  /** The step with groups of parameters. */
  static OptimizerStep grouped(OptimizerStep step, ParameterGroups groups) {
    return new OptimizerStep(step.learningRate(), step.maxGradNorm(), step.adamW(), groups);
  }

  /** A random weight in [−1, 1) for each completion token of a batch. */
  static double[] tokenWeights(PreferenceBatch batch, long seed) {
    return new Random(seed).doubles(batch.completionTokens(), -1, 1).toArray();
  }

  /** {@code Σ_t weights_t · log π_t}. */
  static double weighted(Policy policy, PreferenceBatch batch, double[] weights) {
    double[] values = policy.score(batch).values();
    double sum = 0;
    for (int t = 0; t < values.length; t++) {
      sum += weights[t] * values[t];
    }
    return sum;
  }

  /** All parameters by name. */
  static Map<String, double[]> values(LanguageModel model) {
    Map<String, double[]> values = new TreeMap<>();
    model.parameters().forEach(name -> values.put(name, model.values(name)));
    return values;
  }

  /** All weights by name, see {@link LanguageModel#weights}. */
  static Map<String, double[]> weights(LanguageModel model) {
    Map<String, double[]> values = new TreeMap<>();
    model.weights().forEach(name -> values.put(name, model.values(name)));
    return values;
  }

  /** {@code Σ (b − a) · (d − c)} over all parameters. */
  static double dot(
      Map<String, double[]> a,
      Map<String, double[]> b,
      Map<String, double[]> c,
      Map<String, double[]> d) {
    double sum = 0;
    for (String name : a.keySet()) {
      for (int i = 0; i < a.get(name).length; i++) {
        sum += (b.get(name)[i] - a.get(name)[i]) * (d.get(name)[i] - c.get(name)[i]);
      }
    }
    return sum;
  }
}
