package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import org.junit.jupiter.api.Test;

class GapMomentsTest {

  @Test
  void before_the_first_batch_all_is_zero() {
    assertThat(MarginMoments.in(ImmutableMap.of())).isEqualTo(new MarginMoments(0, 0, 0));
  }

  @Test
  void what_is_carried_comes_back() {
    MarginMoments moments = new MarginMoments(1.5, 2.5, 7);
    assertThat(MarginMoments.in(moments.memory())).isEqualTo(moments);
  }

  /** {@code −½ ((5 − 1)/2)²}. */
  @Test
  void a_log_weight_falls_with_the_square_of_the_distance_from_the_mean() {
    assertThat(new MarginMoments(1, 2, 1).logWeight(5)).isEqualTo(-2);
    assertThat(new MarginMoments(1, 2, 1).logWeight(-3)).isEqualTo(-2);
    assertThat(new MarginMoments(1, 2, 1).logWeight(1)).isZero();
  }

  @Test
  void without_any_deviation_all_weigh_the_same() {
    assertThat(new MarginMoments(0, 0, 1).logWeight(0)).isZero();
    assertThat(new MarginMoments(1, 0, 1).logWeight(5)).isZero();
  }
}
