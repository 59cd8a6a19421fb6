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
  void a_small_number_keeps_its_first_digits() {
    assertThat(Numbers.significant(12.34567, 4)).isEqualTo("12.3457");
    assertThat(Numbers.significant(-0.25, 3)).isEqualTo("-0.250");
    assertThat(Numbers.significant(0.1, 4)).isEqualTo("0.1000");
    assertThat(Numbers.significant(0.09876543, 4)).isEqualTo("0.09877");
    assertThat(Numbers.significant(-0.0001, 3)).isEqualTo("-0.000100");
    assertThat(Numbers.significant(0.0000123456, 4)).isEqualTo("1.235e-05");
    assertThat(Numbers.significant(-0.0, 4)).isEqualTo("0.0000");
    assertThat(Numbers.significant(Double.NaN, 4)).isEqualTo("NaN");
  }

  @Test
  void what_is_rounded_to_zero_has_no_sign() {
    assertThat(Numbers.fixed(-0.00001, 4)).isEqualTo("0.0000");
    assertThat(Numbers.fixed(-0.0, 2)).isEqualTo("0.00");
    assertThat(Numbers.fixed(-0.00006, 4)).isEqualTo("-0.0001");
    assertThat(Numbers.fixed(1.25, 1)).isEqualTo("1.3");
    assertThat(Numbers.fixed(Double.NEGATIVE_INFINITY, 1)).isEqualTo("-Infinity");
  }

  @Test
  void rounded_numbers_have_no_zeros_at_the_end() {
    assertThat(Numbers.rounded(75.0001, 3)).isEqualTo("75");
    assertThat(Numbers.rounded(2 / 3.0, 3)).isEqualTo("0.667");
    assertThat(Numbers.rounded(12345, 2)).isEqualTo("12000");
    assertThat(Numbers.rounded(1e-7, 3)).isEqualTo("0.0000001");
    assertThat(Numbers.rounded(0, 3)).isEqualTo("0");
    assertThat(Numbers.rounded(Double.NaN, 3)).isEqualTo("NaN");
  }

  @Test
  void a_setting_is_shown_as_it_was_given_but_for_what_a_computation_adds() {
    assertThat(Numbers.setting(0.3 * 2.5 / (2 / 3.0))).isEqualTo("1.125");
    assertThat(Numbers.setting(1 / 30.0)).isEqualTo("0.033333333");
    assertThat(Numbers.setting(0.1)).isEqualTo("0.1");
    assertThat(Numbers.setting(8)).isEqualTo("8");
    assertThat(Numbers.setting(1e-6)).isEqualTo("1e-6");
    assertThat(Numbers.setting(-12345678)).isEqualTo("-1.2345678e7");
    assertThat(Numbers.setting(0)).isEqualTo("0");
    assertThat(Numbers.setting(Double.POSITIVE_INFINITY)).isEqualTo("Infinity");
  }
}
