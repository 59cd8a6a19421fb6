package io.github.tralign.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import io.github.tralign.metrics.StepMetrics;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

class ReferencePolicyTest {

  @Property
  void fixed_never_moves_and_promises_it(@ForAll @LongRange(min = 1) long step) {
    assertThat(TR.fixed().weightAfter(RuleRun.step(step, 7))).isZero();
    assertThat(TR.fixed().nextCopyAfter(step - 1, 7)).hasValue(ReferencePolicy.NEVER);
    assertThat(TR.fixed().from(3).nextCopyAfter(step - 1, 7)).hasValue(ReferencePolicy.NEVER);
  }

  @Example
  void soft_mixes_alpha_after_every_step() {
    assertThat(RuleRun.weights(TR.soft(0.6), 4, 3)).containsExactly(0.6, 0.6, 0.6, 0.6);
    assertThat(RuleRun.weights(TR.soft(1), 2, 3)).containsExactly(1, 1);
  }

  @Example
  void hard_copies_after_every_tau_th_step() {
    assertThat(copies(TR.hard(1), 3, 7)).containsExactly(1, 2, 3);
    assertThat(copies(TR.hard(4), 14, 7)).containsExactly(4, 8, 12);
  }

  @Example
  void mixed_mixes_alpha_after_every_tau_th_step() {
    assertThat(RuleRun.weights(TR.mixed(0.6, 3), 7, 2)).containsExactly(0, 0, 0.6, 0, 0, 0.6, 0);
  }

  @Example
  void a_growing_tau_is_multiplied_from_one_copy_to_the_next() {
    assertThat(copies(TR.hard(1).growth(2), 70, 7)).containsExactly(1, 3, 7, 15, 31, 63);
    assertThat(copies(TR.hard(4).growth(1.5), 60, 7)).containsExactly(4, 10, 19, 33, 53); // 32.5 up
  }

  @Property
  void the_times_between_growing_updates_have_the_ratio_of_the_growth(
      @ForAll @IntRange(min = 1, max = 50) int tau,
      @ForAll @IntRange(min = 11, max = 40) int tenths) {
    double growth = tenths / 10.0;
    ReferencePolicy rule = TR.hard(tau).growth(growth);
    long before = 0;
    for (int n = 1; n <= 8; n++) {
      long copy = rule.nextCopyAfter(before, 7).orElseThrow();
      assertThat((double) copy)
          .isCloseTo(tau * (Math.pow(growth, n) - 1) / (growth - 1), within(0.5 + 1e-6 * copy));
      before = copy;
    }
  }

  @Example
  void epochs_are_counted_in_steps_of_the_run() {
    assertThat(copies(TR.hardEpochs(1), 16, 5)).containsExactly(5, 10, 15);
    assertThat(copies(TR.hardEpochs(2), 22, 5)).containsExactly(10, 20);
    assertThat(copies(TR.hardEpochs(1.5), 8, 2)).containsExactly(3, 6);
    assertThat(copies(TR.hardEpochs(1), 3, 1)).containsExactly(1, 2, 3);
  }

  @Example
  void fractions_of_an_epoch_are_rounded_but_stay_in_line_with_its_end() {
    assertThat(copies(TR.hardEpochs(0.5), 10, 5)).containsExactly(3, 5, 8, 10);
    assertThat(copies(TR.hardEpochs(1 / 3.0), 20, 10)).containsExactly(3, 7, 10, 13, 17, 20);
    assertThat(copies(TR.hardEpochs(0.7), 14, 10)).containsExactly(7, 14);
  }

  @Example
  void a_fraction_of_an_epoch_shorter_than_a_step_is_a_step() {
    assertThat(copies(TR.hardEpochs(0.01), 4, 10)).containsExactly(1, 2, 3, 4);
    assertThat(TR.hardEpochs(Double.MIN_VALUE).nextCopyAfter(1L << 40, 10))
        .hasValue((1L << 40) + 1);
  }

  /** {@code k} parts of an epoch of at least {@code k} steps: k copies, the last at its end. */
  @Property
  void each_epoch_has_as_many_copies_as_it_has_parts(
      @ForAll @IntRange(min = 1, max = 12) int parts,
      @ForAll @IntRange(min = 12, max = 60) int epoch) {
    int[] copies = copies(TR.hardEpochs(1.0 / parts), 5 * epoch, epoch);
    assertThat(copies).hasSize(5 * parts);
    for (int e = 1; e <= 5; e++) {
      assertThat(copies[e * parts - 1]).isEqualTo(e * epoch);
    }
  }

  @Example
  void the_longest_tau_is_no_overflow() {
    assertThat(TR.hard(Long.MAX_VALUE).nextCopyAfter(5, 7)).hasValue(Long.MAX_VALUE);
    assertThat(TR.hardEpochs(Double.MAX_VALUE).nextCopyAfter(5, 7)).hasValue(Long.MAX_VALUE);
    assertThat(TR.hard(9).growth(1e300).nextCopyAfter(9, 7)).hasValue(Long.MAX_VALUE);
  }

  @Example
  void a_lambda_promises_and_remembers_nothing() {
    ReferencePolicy rule = metrics -> metrics.step() == 3 ? 0.5 : 0;
    assertThat(rule.nextCopyAfter(0, 7)).isEmpty();
    assertThat(rule.memoryAfter(RuleRun.step(1, 7), StepMetrics.start())).isEmpty();
    assertThat(RuleRun.weights(rule, 4, 7)).containsExactly(0, 0, 0.5, 0);
    assertThat(RuleRun.weights(rule.from(4), 4, 7)).containsExactly(0, 0, 0, 0);
    assertThat(RuleRun.weights(rule.warmup(6), 4, 7)).containsExactly(0, 0, 0.25, 0);
  }

  @Example
  void a_rule_around_another_does_what_the_other_does() {
    ReferencePolicy epochs = TR.hardEpochs(1);
    ForwardingReferencePolicy around = () -> epochs;
    assertThat(copies(around, 16, 5)).containsExactly(5, 10, 15);
    assertThat(around.nextCopyAfter(5, 5)).hasValue(10);
    assertThat(around.countsEpochs()).isTrue();
    ReferencePolicy distance = TR.distance(0.5);
    ForwardingReferencePolicy other = () -> distance;
    StepMetrics first = RuleRun.step(1, 7);
    assertThat(other.memoryAfter(first, StepMetrics.start()))
        .isNotEmpty()
        .isEqualTo(distance.memoryAfter(first, StepMetrics.start()));
  }

  @Example
  void a_delayed_rule_promises_no_copy_before_its_first_step() {
    assertThat(copies(TR.hard(4).from(8), 14, 7)).containsExactly(8, 12);
    assertThat(copies(TR.hard(4).from(9), 14, 7)).containsExactly(12);
    assertThat(TR.hard(4).from(8).nextCopyAfter(0, 7)).hasValue(8);
    assertThat(TR.hard(4).from(9).nextCopyAfter(0, 7)).hasValue(12);
  }

  @Example
  void rules_are_written_as_on_the_command_line() {
    assertThat(TR.fixed()).hasToString("fixed");
    assertThat(TR.soft(0.6)).hasToString("soft:0.6");
    assertThat(TR.hard(512)).hasToString("hard:512");
    assertThat(TR.hard(64).growth(1.5)).hasToString("hard:64:growth=1.5");
    assertThat(TR.hardEpochs(0.5)).hasToString("hard:0.5epoch");
    assertThat(TR.mixed(0.6, 512)).hasToString("mixed:0.6:512");
    assertThat(TR.soft(0.6).warmup(100).from(50)).hasToString("soft:0.6:warmup=100:from=50");
    assertThat(TR.distance(0.05)).hasToString("distance:0.05");
    assertThat(TR.distance(0.05).alpha(0.6).smoothing(0.9).minSteps(8).metric("m"))
        .hasToString("distance:0.05:alpha=0.6:smoothing=0.9:min-steps=8:metric=m");
  }

  @Example
  void settings_outside_their_range_are_refused() {
    for (double alpha : new double[] {0, -0.1, 1.0001, Double.NaN}) {
      String message = "alpha, the policy's weight in an update, must lie in (0, 1], not be ";
      refused(() -> TR.soft(alpha), message + alpha);
      refused(() -> TR.mixed(alpha, 2), message + alpha);
      refused(() -> TR.distance(1).alpha(alpha), message + alpha);
    }
    for (long steps : new long[] {0, -1}) {
      String tau = "tau, the number of steps between updates, must be at least 1, not ";
      refused(() -> TR.hard(steps), tau + steps);
      refused(() -> TR.mixed(0.5, steps), tau + steps);
      refused(() -> new GrowingUpdate(steps, 2), tau + steps);
      refused(
          () -> TR.soft(0.6).warmup(steps),
          "warmup, the steps over which the weight rises, must be at least 1, not " + steps);
      refused(
          () -> TR.soft(0.6).from(steps),
          "from, the first step that may move the reference, must be at least 1, not " + steps);
      refused(
          () -> TR.distance(1).minSteps(steps),
          "min-steps, the least number of steps between updates, must be at least 1, not " + steps);
    }
    for (double growth : new double[] {1, 0.5, Double.POSITIVE_INFINITY, Double.NaN}) {
      refused(
          () -> TR.hard(4).growth(growth),
          "growth, the factor from one time between updates to the next, must be a number > 1, not "
              + growth);
    }
    for (double positive : new double[] {0, -1, Double.POSITIVE_INFINITY, Double.NaN}) {
      refused(
          () -> TR.hardEpochs(positive),
          "tau, the number of epochs between updates, must be a number > 0, not " + positive);
      refused(
          () -> TR.distance(positive),
          "the distance above which the reference moves must be a number > 0, not " + positive);
    }
    for (double smoothing : new double[] {-0.1, 1, Double.NaN}) {
      refused(
          () -> TR.distance(1).smoothing(smoothing),
          "smoothing, the old distance's share in the new one, must lie in [0, 1), not be "
              + smoothing);
    }
  }

  private static void refused(ThrowingCallable making, String message) {
    assertThatIllegalArgumentException().isThrownBy(making).withMessage(message);
  }

  /** The steps after which a rule copies. */
  private static int[] copies(ReferencePolicy rule, int steps, int stepsPerEpoch) {
    double[] weights = RuleRun.weights(rule, steps, stepsPerEpoch);
    return IntStream.rangeClosed(1, steps).filter(step -> weights[step - 1] == 1).toArray();
  }

  @Example
  void a_rule_counts_epochs_however_it_is_delayed() {
    for (ReferencePolicy rule :
        List.of(TR.hardEpochs(0.5), TR.hardEpochs(1).from(10), TR.hardEpochs(1).warmup(5))) {
      assertThat(rule.countsEpochs()).as("%s", rule).isTrue();
    }
    for (ReferencePolicy rule :
        List.of(TR.fixed(), TR.soft(0.6), TR.hard(3).from(10), TR.soft(0.5).warmup(5))) {
      assertThat(rule.countsEpochs()).as("%s", rule).isFalse();
    }
  }
}
