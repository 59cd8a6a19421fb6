package io.github.tralign.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
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
  void another_number_of_values_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TokenLogProbs(BATCH, new double[5]))
        .withMessage("5 values for a batch of 6 completion tokens");
  }
}
