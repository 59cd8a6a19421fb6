package io.github.tralign.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Against the learning rates that transformers 5.23.0 gives for ten steps at a rate of 10. */
class ScheduleTest {

  @Example
  void constant_with_a_warm_up_has_transformers_numbers() {
    assertThat(tenSteps(Schedule.constant(), 4))
        .containsExactly(new double[] {0, 2.5, 5, 7.5, 10, 10, 10, 10, 10, 10}, within(1e-12));
  }

  @Example
  void linear_has_transformers_numbers() {
    assertThat(tenSteps(Schedule.linear(), 2))
        .containsExactly(
            new double[] {0, 5, 10, 8.75, 7.5, 6.25, 5, 3.75, 2.5, 1.25}, within(1e-12));
  }

  @Example
  void cosine_has_transformers_numbers() {
    assertThat(tenSteps(Schedule.cosine(), 2))
        .containsExactly(
            new double[] {0, 5, 10, 9.61, 8.53, 6.91, 5, 3.08, 1.46, 0.38}, within(0.01));
  }

  @Example
  void inverse_sqrt_has_transformers_numbers() {
    assertThat(tenSteps(Schedule.inverseSqrt(), 2))
        .containsExactly(
            new double[] {
              0,
              5,
              10,
              8.16496580927726,
              7.071067811865475,
              6.324555320336759,
              5.773502691896258,
              5.3452248382484875,
              5,
              4.714045207910317
            },
            within(1e-9));
    assertThat(Schedule.inverseSqrt().factorAt(30_000, 0, 40_000)).isEqualTo(0.5);
  }

  @Example
  void a_minimum_has_transformers_numbers() {
    assertThat(tenSteps(Schedule.cosine().withMinimum(0.1), 2))
        .containsExactly(
            new double[] {
              0,
              5,
              10,
              9.65745789630079,
              8.681980515339463,
              7.222075445642904,
              5.5,
              3.777924554357096,
              2.3180194846605366,
              1.3425421036992096
            },
            within(1e-9));
    assertThat(Schedule.linear().withMinimum(0.2).factorAt(5, 0, 10)).isCloseTo(0.6, within(1e-12));
    assertThatIllegalArgumentException().isThrownBy(() -> Schedule.cosine().withMinimum(1.1));
  }

  @Property
  void every_step_has_transformers_factor(
      @ForAll @IntRange(min = 1, max = 500) int total,
      @ForAll @IntRange(min = 0, max = 600) int warmup,
      @ForAll @IntRange(min = 0, max = 499) int any) {
    int step = any % total;
    double rise = (double) step / Math.max(1, warmup);
    double progress = (double) (step - warmup) / Math.max(1, total - warmup);
    boolean rising = step < warmup;
    assertThat(Schedule.constant().factorAt(step, warmup, total)).isEqualTo(rising ? rise : 1);
    assertThat(Schedule.linear().factorAt(step, warmup, total))
        .isCloseTo(
            rising ? rise : (double) (total - step) / Math.max(1, total - warmup), within(1e-12));
    assertThat(Schedule.cosine().factorAt(step, warmup, total))
        .isCloseTo(rising ? rise : (1 + Math.cos(Math.PI * progress)) / 2, within(1e-12));
  }

  @Example
  void without_a_warm_up_the_first_step_is_full() {
    assertThat(Schedule.linear().factorAt(0, 0, 5)).isEqualTo(1);
    assertThat(Schedule.cosine().factorAt(0, 0, 5)).isEqualTo(1);
  }

  private static double[] tenSteps(Schedule schedule, int warmup) {
    return LongStream.range(0, 10)
        .mapToDouble(step -> 10 * schedule.factorAt(step, warmup, 10))
        .toArray();
  }
}
