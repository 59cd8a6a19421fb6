package io.github.tralign.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.TR;
import io.github.tralign.metrics.StepMetrics;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class ReferencePolicyTest {

  @Property
  void fixed_never_moves_and_promises_it(@ForAll @LongRange(min = 1) long step) {
    assertThat(TR.fixed().weightAfter(after(step))).isZero();
    assertThat(TR.fixed().nextCopyAfter(step - 1)).hasValue(ReferencePolicy.NEVER);
  }

  @Property
  void soft_mixes_alpha_after_every_step_and_promises_nothing(
      @ForAll @LongRange(min = 1) long step) {
    assertThat(TR.soft(0.6).weightAfter(after(step))).isEqualTo(0.6);
    assertThat(TR.soft(0.6).nextCopyAfter(step - 1)).isEmpty();
  }

  @Property
  void soft_with_alpha_one_copies_after_every_step_and_promises_it(
      @ForAll @IntRange(min = 1) int step) {
    assertThat(TR.soft(1).weightAfter(after(step))).isEqualTo(1);
    assertThat(TR.soft(1).nextCopyAfter(step)).hasValue(step + 1L);
    assertThat(TR.hard(1).weightAfter(after(step))).isEqualTo(1);
    assertThat(TR.hard(1).nextCopyAfter(step)).hasValue(step + 1L);
  }

  @Property
  void hard_copies_exactly_when_it_promised(
      @ForAll @IntRange(min = 1, max = 50) int tau,
      @ForAll @IntRange(min = 0, max = 300) int step) {
    long next = TR.hard(tau).nextCopyAfter(step).orElseThrow();
    assertThat(next).isBetween(step + 1L, (long) step + tau);
    assertThat(next % tau).isZero();
    for (long s = step + 1L; s < next; s++) {
      assertThat(TR.hard(tau).weightAfter(after(s))).isZero();
    }
    assertThat(TR.hard(tau).weightAfter(after(next))).isEqualTo(1);
  }

  @Property
  void mixed_mixes_alpha_after_every_tau_th_step_and_promises_nothing(
      @ForAll @IntRange(min = 1, max = 50) int tau,
      @ForAll @IntRange(min = 1, max = 300) int step) {
    double weight = TR.mixed(0.6, tau).weightAfter(after(step));
    assertThat(weight).isEqualTo(step % tau == 0 ? 0.6 : 0);
    assertThat(TR.mixed(0.6, tau).nextCopyAfter(step)).isEmpty();
  }

  @Example
  void the_longest_tau_is_no_overflow() {
    assertThat(TR.hard(Long.MAX_VALUE).nextCopyAfter(5)).hasValue(Long.MAX_VALUE);
  }

  @Example
  void a_lambda_promises_nothing() {
    ReferencePolicy rule = metrics -> metrics.step() == 3 ? 0.5 : 0;
    assertThat(rule.nextCopyAfter(0)).isEmpty();
    assertThat(rule.weightAfter(after(3))).isEqualTo(0.5);
  }

  @Example
  void rules_are_written_as_on_the_command_line() {
    assertThat(TR.fixed()).hasToString("fixed");
    assertThat(TR.soft(0.6)).hasToString("soft:0.6");
    assertThat(TR.hard(512)).hasToString("hard:512");
    assertThat(TR.mixed(0.6, 512)).hasToString("mixed:0.6:512");
  }

  @Example
  void settings_outside_their_range_are_refused() {
    for (double alpha : new double[] {0, -0.1, 1.0001, Double.NaN}) {
      String message = "alpha, the policy's weight in an update, must lie in (0, 1], not be ";
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.soft(alpha))
          .withMessage(message + alpha);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.mixed(alpha, 2))
          .withMessage(message + alpha);
    }
    for (long tau : new long[] {0, -1}) {
      String message = "tau, the number of steps between updates, must be at least 1, not ";
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.hard(tau))
          .withMessage(message + tau);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.mixed(0.5, tau))
          .withMessage(message + tau);
    }
  }

  private static StepMetrics after(long step) {
    return new StepMetrics(step, ImmutableMap.of());
  }
}
