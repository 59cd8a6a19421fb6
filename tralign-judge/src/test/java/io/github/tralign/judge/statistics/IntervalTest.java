package io.github.tralign.judge.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntervalTest {

  // Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3
  @ParameterizedTest
  @CsvSource({
    "81,263,0.2553,0.3662",
    "15,148,0.0624,0.1605",
    "0,20,0.0000,0.1611",
    "1,29,0.0061,0.1718"
  })
  void wilsons_interval_is_that_of_the_literature(int hits, int trials, double low, double high) {
    Interval interval = Interval.wilson(hits, trials);
    assertThat(interval.low()).isCloseTo(low, within(5e-5));
    assertThat(interval.high()).isCloseTo(high, within(5e-5));
  }

  @Test
  void a_share_of_nothing_is_rejected() {
    assertThatThrownBy(() -> Interval.wilson(0, 0)).hasMessage("0 of 0 is no share");
  }

  @Test
  void a_bootstrapped_mean_has_its_normal_interval() {
    List<Double> values =
        DoubleStream.iterate(0, it -> it + 1).limit(1000).map(it -> it % 2).boxed().toList();
    Interval interval = Bootstrap.ofDefaults().mean(values);
    double half = 1.96 * 0.5 / Math.sqrt(1000);
    assertThat(interval.low()).isCloseTo(0.5 - half, within(0.003));
    assertThat(interval.high()).isCloseTo(0.5 + half, within(0.003));
    assertThat(Bootstrap.ofDefaults().mean(values)).isEqualTo(interval);
    assertThat(Bootstrap.ofDefaults().mean(Collections.nCopies(9, 2.0)))
        .isEqualTo(new Interval(2, 2));
  }

  @Test
  void quantiles_are_interpolated() {
    double[] sorted = {1, 2, 4};
    assertThat(Bootstrap.quantile(sorted, 0)).isEqualTo(1);
    assertThat(Bootstrap.quantile(sorted, 0.75)).isEqualTo(3);
    assertThat(Bootstrap.quantile(sorted, 1)).isEqualTo(4);
  }

  @Test
  void a_mean_has_its_standard_error() {
    Mean mean = Mean.of(List.of(1.0, 2.0, 3.0, 4.0));
    assertThat(mean.value()).isEqualTo(2.5);
    assertThat(mean.standardError()).isCloseTo(Math.sqrt(5.0 / 3 / 4), within(1e-15));
    assertThat(Mean.of(List.of()).value()).isNaN();
    assertThat(Mean.of(List.of(1.0)).standardError()).isNaN();
  }
}
