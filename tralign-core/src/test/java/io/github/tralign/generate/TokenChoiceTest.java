package io.github.tralign.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.common.primitives.ImmutableIntArray;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenChoiceTest {

  private static final float NONE = Float.NEGATIVE_INFINITY;
  private static final double ALMOST_ONE = 1 - 0x1p-53;
  private static final Sampling MODEL = Sampling.ofModel();

  @Test
  void the_first_of_equal_largest_logits_is_the_greedy_choice() {
    assertThat(choose(Sampling.greedy(), Double.NaN, 1, 3, -2, 3)).isEqualTo(1);
    assertThat(choose(Sampling.greedy(), Double.NaN, NONE, -3, NONE)).isEqualTo(1);
  }

  @Test
  void the_smallest_and_the_largest_number_give_the_first_and_the_last_token_with_a_probability() {
    float[] logits = {NONE, -900, 0, 1, -900, NONE};
    assertThat(choose(MODEL, 0, logits)).isEqualTo(2);
    assertThat(choose(MODEL, ALMOST_ONE, logits)).isEqualTo(3);
  }

  @Test
  void each_number_gives_the_token_whose_interval_it_lies_in() {
    float[] logits = {0, 0, 0, 0};
    assertThat(choose(MODEL, 0.25 - 1e-9, logits)).isEqualTo(0);
    assertThat(choose(MODEL, 0.25, logits)).isEqualTo(1);
    assertThat(choose(MODEL, 0.75 + 1e-9, logits)).isEqualTo(3);
  }

  @Test
  void extreme_temperatures_are_the_largest_logit_or_all_alike() {
    float[] logits = {3e38f, -3e38f, 1};
    for (double cold : new double[] {Double.MIN_VALUE, 1e-40, 1}) {
      assertThat(choose(MODEL.temperature(cold), ALMOST_ONE, logits)).isZero();
    }
    Sampling hot = MODEL.temperature(Double.MAX_VALUE);
    assertThat(choose(hot, 0.5, logits)).isEqualTo(1);
    assertThat(choose(hot, ALMOST_ONE, logits)).isEqualTo(2);
  }

  @Test
  void the_strictest_filters_leave_one_token() {
    float[] logits = {1, 2, 2.5f, NONE};
    for (Sampling strict : new Sampling[] {MODEL.topK(1), MODEL.topP(1e-30), MODEL.minP(1)}) {
      assertThat(choose(strict, 0, logits)).isEqualTo(2);
      assertThat(choose(strict, ALMOST_ONE, logits)).isEqualTo(2);
    }
  }

  @Test
  void zeros_of_both_signs_are_equal() {
    Candidates kept = TokenChoice.candidates(MODEL.topP(0.5), new float[] {0f, -0f, 0f, -0f}, 0);
    assertThat(kept.ids()).containsExactly(2, 3);
  }

  @Test
  void an_end_token_outside_the_vocabulary_has_no_effect() {
    Sampling sampling = Sampling.greedy().minNewTokens(5).endTokens(Set.of(1, 99));
    assertThat(choose(sampling, 0, 1, 2, 0)).isZero();
  }

  @Test
  void infinite_and_missing_logits_are_named() {
    for (float damaged : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatIllegalStateException()
          .isThrownBy(() -> choose(MODEL, 0.5, 1, 2, damaged, 3))
          .withMessageContaining("token 2 is " + damaged);
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> choose(MODEL, 0.5, NONE, NONE))
        .withMessageContaining("no token is left");
  }

  private static int choose(Sampling sampling, double uniform, float... logits) {
    return TokenChoice.of(sampling, logits, new History(ImmutableIntArray.of(0)), () -> uniform);
  }
}
