package io.github.tralign.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import io.github.tralign.metrics.StepMetrics;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The mean lag of rules, against a policy whose only weight is the number of its steps. */
class MeanLagTest {

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void of_rules_that_copy_it_is_exact(
      @ForAll("copying") ReferencePolicy rule,
      @ForAll @IntRange(min = 1, max = 200) int steps,
      @ForAll @IntRange(min = 1, max = 40) int epoch) {
    assertThat(rule.meanLag(steps, epoch).orElseThrow())
        .isCloseTo(simulated(rule, 0, steps, epoch), within(1e-9));
  }

  @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
  void of_rules_that_mix_it_is_that_of_a_enoughrun(
      @ForAll @IntRange(min = 10, max = 100) int percent,
      @ForAll @IntRange(min = 1, max = 20) int tau) {
    double alpha = percent / 100.0;
    int enough = 200 * tau;
    assertThat(TR.mixed(alpha, tau).meanLag(2L * enough, 7).orElseThrow())
        .isCloseTo(simulated(TR.mixed(alpha, tau), enough, 2 * enough, 7), within(1e-6));
    assertThat(TR.soft(alpha).meanLag(2L * enough, 7).orElseThrow())
        .isCloseTo(simulated(TR.soft(alpha), enough, 2 * enough, 7), within(1e-6));
  }

  /** The mean over steps of policy minus reference, for each step before and after it. */
  private static double simulated(ReferencePolicy rule, int from, int steps, int epoch) {
    double[] weights = RuleRun.weights(rule, steps, epoch);
    double reference = 0;
    double sum = 0;
    for (int done = 0; done < steps; done++) {
      double before = done - reference;
      reference = weights[done] * (done + 1) + (1 - weights[done]) * reference;
      double after = done + 1 - reference;
      sum += done < from ? 0 : (before + after) / 2;
    }
    return sum / (steps - from);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void it_is_at_most_that_of_a_fixed_reference(
      @ForAll("all") ReferencePolicy rule, @ForAll @IntRange(min = 1, max = 50) int steps) {
    assertThat(TR.fixed().meanLag(steps, 7)).hasValue(steps / 2.0);
    assertThat(rule.meanLag(steps, 7).orElse(0)).isBetween(0.0, steps / 2.0);
  }

  @Example
  void it_has_the_usual_formulas() {
    assertThat(TR.soft(0.6).meanLag(1000, 100).orElseThrow()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(TR.soft(1).meanLag(1000, 100)).hasValue(0);
    assertThat(TR.hard(1).meanLag(1000, 100)).hasValue(0);
    assertThat(TR.hard(8).meanLag(1000, 100)).hasValue(3.5);
    assertThat(TR.hard(2000).meanLag(1000, 100)).hasValue(500);
    assertThat(TR.hardEpochs(0.5).meanLag(1000, 100)).hasValue(24.5);
    assertThat(TR.mixed(0.5, 4).meanLag(1000, 100)).hasValue(4 + 1.5);
    assertThat(TR.hard(10).from(501).meanLag(1000, 100))
        .hasValue((510 * 509 / 2.0 + 490 * 4.5) / 1000); // the first copy is at 510
    assertThat(TR.hard(9).meanLag(Long.MAX_VALUE, 100).orElseThrow()).isCloseTo(4, within(1e-9));
  }

  @Example
  void it_is_empty_where_it_is_not_known_before_the_run() {
    assertThat(TR.distance(0.1).meanLag(1000, 100)).isEmpty();
    assertThat(TR.soft(0.6).warmup(10).meanLag(1000, 100)).isEmpty();
    assertThat(TR.soft(0.6).from(10).meanLag(1000, 100)).isEmpty();
    assertThat(TR.hardEpochs(1).meanLag(1000, Long.MAX_VALUE)).isEmpty();
    assertThat(TR.hard(1).growth(1.001).meanLag(1_000_000, 100)).isEmpty(); // takes long
    ReferencePolicy own = metrics -> metrics.step() % 8 == 0 ? 1 : 0;
    assertThat(own.meanLag(1000, 100)).isEmpty();
    assertThat(new Half(TR.soft(0.6)).meanLag(1000, 100)).isEmpty();
  }

  /** Another rule's weights, halved, so that its lag is not the other's. */
  private record Half(ReferencePolicy rule) implements ForwardingReferencePolicy {

    @Override
    public double weightAfter(StepMetrics metrics) {
      return rule.weightAfter(metrics) / 2;
    }
  }

  @Example
  void a_rule_that_breaks_its_promise_has_no_lag_and_does_not_hang() {
    ReferencePolicy wrong =
        new ReferencePolicy() {
          @Override
          public double weightAfter(StepMetrics metrics) {
            return 0;
          }

          @Override
          public OptionalLong nextCopyAfter(long step, long stepsPerEpoch) {
            return OptionalLong.of(step);
          }
        };
    assertThat(wrong.meanLag(1000, 100)).isEmpty();
  }

  @Provide
  Arbitrary<ReferencePolicy> copying() {
    return Rules.copying();
  }

  @Provide
  Arbitrary<ReferencePolicy> all() {
    return Arbitraries.oneOf(Rules.copying(), Rules.mixing());
  }
}
