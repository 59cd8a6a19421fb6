package io.github.tralign.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenLogProbsTest {

  private static final PreferenceBatch BATCH =
      PreferenceBatch.of(
          Example.pair(new int[3], new int[2], new int[1]),
          Example.demonstration(new int[1], new int[3]));

  @Test
  void values_lie_example_by_example_completion_by_completion_token_by_token() {
    TokenLogProbs scores = new TokenLogProbs(BATCH, new double[] {-1, -2, -4, -8, -16, -32});
    assertThat(scores.size()).isEqualTo(2);
    assertThat(scores.completions(0)).isEqualTo(2);
    assertThat(scores.completions(1)).isEqualTo(1);
    assertThat(scores.sum(0, 0)).isEqualTo(-3);
    assertThat(scores.sum(0, 1)).isEqualTo(-4);
    assertThat(scores.sum(1, 0)).isEqualTo(-56);
    assertThat(scores.start(1, 0)).isEqualTo(3);
    assertThat(scores.tokens(1, 0)).isEqualTo(3);
  }

  @Test
  void equal_completions_have_the_numbers_of_the_first_of_them() {
    Example once = Example.pair(new int[1], new int[] {1, 2}, new int[] {2, 1});
    Example thrice =
        new Example(
            once.prompt(),
            ImmutableList.of(once.chosen(), once.rejected(), once.chosen()),
            once.origin());
    double[] values = {-1, -2, -4, -8, -1.5, -2.5};
    double[] collision = {-3, -3, -5, -5, -3.5, -3.5};
    TokenLogProbs scores =
        new TokenLogProbs(
            PreferenceBatch.of(thrice), values, Map.of(TokenStatistic.COLLISION, collision));
    assertThat(scores.values()).containsExactly(-1, -2, -4, -8, -1, -2);
    assertThat(scores.statistic(TokenStatistic.COLLISION)).containsExactly(-3, -3, -5, -5, -3, -3);
  }

  @Test
  void another_number_of_values_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TokenLogProbs(BATCH, new double[5]))
        .withMessage("5 values for a batch of 6 completion tokens");
  }
}
