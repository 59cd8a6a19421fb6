package io.github.tralign.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumbersTest {

  @Test
  void one_thing_is_no_plural() {
    assertThat(Numbers.count(1, "row")).isEqualTo("1 row");
    assertThat(Numbers.count(0, "row")).isEqualTo("0 rows");
    assertThat(Numbers.count(12_345, "row")).isEqualTo("12,345 rows");
  }

  @Test
  void what_is_rounded_to_zero_has_no_sign() {
    assertThat(Numbers.fixed(-0.00001, 4)).isEqualTo("0.0000");
    assertThat(Numbers.fixed(-0.0, 2)).isEqualTo("0.00");
    assertThat(Numbers.fixed(-0.00006, 4)).isEqualTo("-0.0001");
    assertThat(Numbers.fixed(1.25, 1)).isEqualTo("1.3");
    assertThat(Numbers.fixed(Double.NEGATIVE_INFINITY, 1)).isEqualTo("-Infinity");
  }
}
