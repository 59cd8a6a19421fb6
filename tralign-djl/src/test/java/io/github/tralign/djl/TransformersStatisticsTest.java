package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import java.util.EnumSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("numeric")
class TransformersStatisticsTest {

  private static final double LOG_PROB = 1e-6; // error of one token's

  @ParameterizedTest
  @CsvSource({"neox,far", "neox,near", "llama,far", "llama,near"})
  void each_completion_has_the_statistics_that_transformers_gives(String checkpoint, String which) {
    JsonNode golden = Golden.json("statistics.json");
    JsonNode rows = golden.path("statistics").path(checkpoint).path(which);
    try (DjlPolicy policy = Golden.policy(checkpoint).headRows(50).load()) {
      policy.copyToReference();
      shrink(policy, golden.path("shrunk").path(which).asDouble());
      TokenLogProbs told =
          policy.score(
              new PreferenceBatch(ImmutableList.copyOf(Golden.rows().subList(0, rows.size()))),
              EnumSet.allOf(TokenStatistic.class));
      for (int i = 0; i < rows.size(); i++) {
        assertCompletion(told, i, 0, rows.get(i).path("chosen"));
        assertCompletion(told, i, 1, rows.get(i).path("rejected"));
      }
    }
  }

  /** An error of ε in each log-probability is one of ε √(2 KL) in a token's divergence. */
  private static void assertCompletion(TokenLogProbs told, int row, int k, JsonNode expected) {
    int tokens = told.tokens(row, k);
    double divergence = expected.path("divergence").asDouble();
    assertThat(told.sum(TokenStatistic.DIVERGENCE, row, k))
        .as("divergence of row %d, completion %d", row, k)
        .isCloseTo(divergence, within(LOG_PROB * Math.sqrt(2 * tokens * divergence)));
    assertThat(told.sum(TokenStatistic.COLLISION, row, k))
        .as("collision of row %d, completion %d", row, k)
        .isCloseTo(expected.path("collision").asDouble(), within(LOG_PROB * tokens));
  }

  /** A step without a gradient, but with weight decay. */
  private static void shrink(DjlPolicy policy, double share) {
    AdamW decay = AdamW.ofDefaults().weightDecay(1);
    policy.step(new OptimizerStep(share, Double.POSITIVE_INFINITY, decay));
  }
}
