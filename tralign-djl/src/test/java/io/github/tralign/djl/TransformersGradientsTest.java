package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.testkit.RelativeError;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of the summed margins against those of transformers with autograd. */
@Tag("numeric")
class TransformersGradientsTest {

  private static final double TOLERANCE = 1e-5; // relative to norms

  static List<String> checkpoints() {
    return Golden.CHECKPOINTS;
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void each_parameter_has_the_gradient_that_autograd_gives(String checkpoint) {
    JsonNode golden = Golden.json("gradients.json");
    JsonNode expected = golden.path("gradients").path(checkpoint);
    PreferenceBatch batch =
        new PreferenceBatch(
            ImmutableList.copyOf(Golden.rows().subList(0, golden.path("rows").asInt())));
    try (DjlPolicy policy = Golden.policy(checkpoint).load()) {
      assertGradients(policy, batch, expected);
    }
  }

  static void assertGradients(DjlPolicy policy, PreferenceBatch batch, JsonNode expected) {
    policy.accumulate(batch, TransformersGradientsTest::margins);
    assertThat(expected).hasSameSizeAs(policy.parameters());
    for (String parameter : policy.parameters()) {
      double[] gradient = policy.gradient(parameter);
      double[] values = policy.values(parameter);
      double norm = expected.path(parameter).path("norm").asDouble();
      assertThat(norm).as(parameter).isPositive();
      assertThat(RelativeError.norm(gradient))
          .as("norm of the gradient of %s", parameter)
          .isCloseTo(norm, within(TOLERANCE * norm));
      assertThat(inner(gradient, values))
          .as("gradient of %s along its values", parameter)
          .isCloseTo(
              expected.path(parameter).path("along").asDouble(),
              within(TOLERANCE * norm * RelativeError.norm(values)));
    }
  }

  /** The derivative of the margins: 1 for each chosen token, −1 for each rejected one. */
  private static TokenGradient margins(TokenLogProbs scores) {
    double[] slope = new double[scores.values().length];
    for (int example = 0; example < scores.size(); example++) {
      for (int completion = 0; completion < 2; completion++) {
        int start = scores.start(example, completion);
        int end = start + scores.tokens(example, completion);
        Arrays.fill(slope, start, end, completion == 0 ? 1 : -1);
      }
    }
    return TokenGradient.of(slope);
  }

  private static double inner(double[] left, double[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }
}
