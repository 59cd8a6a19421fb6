package io.github.tralign.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What every rule must do. */
class PromiseTest {

  private static final int STEPS = 80;

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void a_rule_copies_exactly_when_it_promised(
      @ForAll("copying") ReferencePolicy rule, @ForAll @IntRange(min = 1, max = 40) int epoch) {
    double[] weights = RuleRun.weights(rule, STEPS, epoch);
    for (int done = 0; done < STEPS; done++) {
      long next = rule.nextCopyAfter(done, epoch).orElseThrow();
      assertThat(next).isGreaterThan(done);
      assertThat(weights[done]).as("after step %d", done + 1).isEqualTo(next == done + 1 ? 1 : 0);
      if (next > done + 1) {
        assertThat(rule.nextCopyAfter(done + 1, epoch)).hasValue(next);
      }
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void a_rule_that_mixes_never_promises(
      @ForAll("mixing") ReferencePolicy rule, @ForAll @IntRange(min = 1, max = 40) int epoch) {
    for (int done = 0; done < STEPS; done++) {
      assertThat(rule.nextCopyAfter(done, epoch)).isEmpty();
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void a_weight_lies_between_zero_and_one(
      @ForAll("all") ReferencePolicy rule, @ForAll @IntRange(min = 1, max = 40) int epoch) {
    for (double weight : RuleRun.weights(rule, STEPS, epoch)) {
      assertThat(weight).isBetween(0.0, 1.0);
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void a_rule_from_a_step_on_is_no_rule_before_and_the_same_from_then(
      @ForAll("stateless") ReferencePolicy rule,
      @ForAll @IntRange(min = 1, max = 40) int epoch,
      @ForAll @IntRange(min = 1, max = STEPS) int first) {
    double[] expected = RuleRun.weights(rule, STEPS, epoch);
    Arrays.fill(expected, 0, first - 1, 0);
    assertThat(RuleRun.weights(rule.from(first), STEPS, epoch)).containsExactly(expected);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void a_warm_up_is_a_straight_line_to_the_rule_itself(
      @ForAll("stateless") ReferencePolicy rule,
      @ForAll @IntRange(min = 1, max = 40) int epoch,
      @ForAll @IntRange(min = 1, max = STEPS) int steps) {
    double[] expected = RuleRun.weights(rule, STEPS, epoch);
    for (int t = 1; t < steps; t++) {
      expected[t - 1] *= (double) t / steps;
    }
    assertThat(RuleRun.weights(rule.warmup(steps), STEPS, epoch)).containsExactly(expected);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void warm_up_and_delay_come_in_any_order(
      @ForAll("all") ReferencePolicy rule,
      @ForAll @IntRange(min = 1, max = 40) int epoch,
      @ForAll @IntRange(min = 1, max = STEPS) int steps,
      @ForAll @IntRange(min = 1, max = STEPS) int first) {
    assertThat(RuleRun.weights(rule.warmup(steps).from(first), STEPS, epoch))
        .containsExactly(RuleRun.weights(rule.from(first).warmup(steps), STEPS, epoch));
  }

  @Provide
  Arbitrary<ReferencePolicy> copying() {
    return Rules.copying();
  }

  @Provide
  Arbitrary<ReferencePolicy> mixing() {
    return Rules.mixing();
  }

  @Provide
  Arbitrary<ReferencePolicy> all() {
    return Arbitraries.oneOf(copying(), mixing());
  }

  /** A rule that looks at what it did before does something else when it may not act. */
  @Provide
  Arbitrary<ReferencePolicy> stateless() {
    return all().filter(rule -> !rule.toString().contains("distance"));
  }
}
