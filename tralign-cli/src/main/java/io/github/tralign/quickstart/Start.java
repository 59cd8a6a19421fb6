package io.github.tralign.quickstart;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.policy.Policy;
import java.util.Map;

/**
 * The common start of all runs, against which they are measured.
 *
 * @param scores log-probabilities of the held-out pairs, [N][2]
 * @param weights the start's weights, by parameter name
 */
record Start(double[][] scores, ImmutableMap<String, double[]> weights) {

  static Start of(Policy policy, HeldOut heldOut) {
    ImmutableMap.Builder<String, double[]> weights = ImmutableMap.builder();
    for (String name : policy.parameters()) {
      weights.put(name, policy.values(name));
    }
    return new Start(heldOut.score(policy), weights.build());
  }

  /** {@code ‖θ − θ₀‖ / ‖θ₀‖} over all weights. */
  double distance(Policy policy) {
    double moved = 0;
    double size = 0;
    for (Map.Entry<String, double[]> parameter : weights.entrySet()) {
      double[] from = parameter.getValue();
      double[] to = policy.values(parameter.getKey());
      for (int i = 0; i < from.length; i++) {
        moved += (to[i] - from[i]) * (to[i] - from[i]);
        size += from[i] * from[i];
      }
    }
    return Math.sqrt(moved / size);
  }
}
