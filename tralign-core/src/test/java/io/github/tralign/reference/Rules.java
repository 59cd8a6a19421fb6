package io.github.tralign.reference;

import io.github.tralign.TR;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Every reference rule; what is listed here is held to the shared tests. */
public final class Rules {

  private Rules() {}

  /** The rules that keep or copy, and promise when; with settings that act within tens of steps. */
  public static Arbitrary<ReferencePolicy> copying() {
    Arbitrary<ReferencePolicy> plain =
        Arbitraries.oneOf(
            Arbitraries.just(TR.fixed()),
            Arbitraries.just(TR.soft(1)),
            steps(20).map(TR::hard),
            between(0.01, 3).map(TR::hardEpochs),
            Arbitraries.of(0.1, 0.2, 0.25, 1 / 3.0, 0.5, 1.0, 2.0).map(TR::hardEpochs),
            Combinators.combine(steps(5), between(1.001, 3))
                .as((tau, growth) -> TR.hard(tau).growth(growth)));
    return Arbitraries.oneOf(
        plain, Combinators.combine(plain, steps(20)).as(ReferencePolicy::from));
  }

  /** The rules that may mix, and promise nothing. */
  public static Arbitrary<ReferencePolicy> mixing() {
    Arbitrary<Double> alpha = between(0.01, 0.99);
    Arbitrary<ReferencePolicy> plain =
        Arbitraries.oneOf(
            alpha.map(TR::soft),
            Combinators.combine(alpha, steps(20)).as(TR::mixed),
            alpha.map(weight -> TR.distance(0.1).alpha(weight).smoothing(0.5).minSteps(2)),
            Combinators.combine(copying(), steps(20)).as(ReferencePolicy::warmup));
    return Arbitraries.oneOf(
        plain,
        Combinators.combine(plain, steps(20)).as(ReferencePolicy::from),
        Combinators.combine(plain, steps(20)).as(ReferencePolicy::warmup));
  }

  static Arbitrary<Double> between(double least, double most) {
    return Arbitraries.doubles().between(least, most).ofScale(4);
  }

  private static Arbitrary<Long> steps(int most) {
    return Arbitraries.longs().between(1, most);
  }
}
