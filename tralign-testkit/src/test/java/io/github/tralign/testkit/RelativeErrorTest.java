package io.github.tralign.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RelativeErrorTest {

  @Test
  void what_is_left_of_a_cancellation_is_compared_with_the_largest() {
    double[] expected = {1000, 1e-3};
    assertThat(RelativeError.of(new double[] {1000, 2e-3}, expected)).isCloseTo(1e-6, within(1e-9));
  }

  @Test
  void one_wrong_number_among_many_is_seen() {
    double[] expected = new double[10_000];
    Arrays.fill(expected, 1);
    double[] actual = expected.clone();
    actual[7] = 1.01;
    assertThat(RelativeError.ofNorm(actual, expected)).isCloseTo(1e-4, within(1e-9));
    assertThat(RelativeError.of(actual, expected)).isCloseTo(1e-2, within(1e-9));
  }

  @Test
  void many_that_are_slightly_wrong_beside_a_large_one_are_seen() {
    double[] expected = new double[101];
    expected[0] = 10;
    double[] actual = new double[101];
    Arrays.fill(actual, 1e-3);
    actual[0] = 10;
    assertThat(RelativeError.ofLargest(actual, expected)).isCloseTo(1e-4, within(1e-9));
    assertThat(RelativeError.of(actual, expected)).isCloseTo(1e-3, within(1e-9));
  }

  @Test
  void zero_is_near_nothing_but_zero() {
    assertThat(RelativeError.of(new double[2], new double[2])).isZero();
    assertThat(RelativeError.of(new double[] {0, 1e-300}, new double[2])).isInfinite();
  }

  @Test
  void what_is_not_a_number_is_near_nothing() {
    double[] spoilt = {1, Double.NaN};
    double[] sound = {1, 2};
    assertThat(RelativeError.of(spoilt, sound)).isNaN();
    assertThat(RelativeError.of(sound, spoilt)).isNaN();
    assertThatThrownBy(() -> assertThat(Double.NaN).isLessThan(1))
        .isInstanceOf(AssertionError.class);
  }

  @Test
  void another_number_of_values_is_an_error() {
    assertThatThrownBy(() -> RelativeError.of(new double[2], new double[3]))
        .isInstanceOf(AssertionError.class);
  }
}
