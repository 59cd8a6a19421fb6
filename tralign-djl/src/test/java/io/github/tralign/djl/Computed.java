package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.TokenGradient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/** What one policy computes: log-probabilities of tokens, and gradients of an objective. */
record Computed(double[] logProbs, Map<String, double[]> gradients) {

  /** Those of an arbitrary objective, the same for the same tokens, slice after slice. */
  static Computed by(DjlPolicyBuilder settings, PreferenceBatch... slices) {
    Random random = new Random(5);
    List<double[]> logProbs = new ArrayList<>();
    try (DjlPolicy policy = settings.load()) {
      for (PreferenceBatch slice : slices) {
        policy.accumulate(
            slice,
            scores -> {
              logProbs.add(scores.values());
              return TokenGradient.of(random.doubles(scores.values().length, -1, 1).toArray());
            });
      }
      Map<String, double[]> gradients = new TreeMap<>();
      policy.parameters().forEach(name -> gradients.put(name, policy.gradient(name)));
      return new Computed(logProbs.stream().flatMapToDouble(DoubleStream::of).toArray(), gradients);
    }
  }

  void assertSameBits(Computed expected) {
    assertThat(logProbs).containsExactly(expected.logProbs);
    expected.gradients.forEach(
        (name, gradient) -> assertThat(gradients.get(name)).as(name).containsExactly(gradient));
  }
}
