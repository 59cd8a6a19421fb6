package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.TokenLogProbs;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("numeric")
class TransformersLogProbsTest {

  private static final double PERCENT = 1e-4; // a relative error of 1e-6

  static List<String> checkpoints() {
    return Golden.CHECKPOINTS;
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void each_completion_has_the_log_probability_that_transformers_gives(String checkpoint) {
    List<Example> rows = Golden.rows();
    JsonNode expected = Golden.json("logps.json").path("logps").path(checkpoint);
    assertThat(expected).hasSameSizeAs(rows);
    try (DjlPolicy policy = Golden.policy(checkpoint).load()) {
      TokenLogProbs scores = policy.score(new PreferenceBatch(ImmutableList.copyOf(rows)));
      for (int i = 0; i < rows.size(); i++) {
        assertCompletion(scores, i, 0, expected.get(i).path("chosen"));
        assertCompletion(scores, i, 1, expected.get(i).path("rejected"));
      }
    }
  }

  private static void assertCompletion(
      TokenLogProbs scores, int row, int completion, JsonNode expected) {
    assertThat(scores.tokens(row, completion)).isEqualTo(expected.path("tokens").asInt());
    assertThat(scores.sum(row, completion))
        .as("row %d, completion %d", row, completion)
        .isCloseTo(expected.path("logp").asDouble(), withinPercentage(PERCENT));
  }
}
