package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/** SimPO, and AlphaPO, which shapes its reward. */
class SimpoLossTest {

  /** {@code −log σ(β Δ − γ)}, and its derivative per token. */
  @Property
  void it_is_the_sigmoid_of_the_margin_per_token_behind_gamma(
      @ForAll("completions") ScoredCompletion chosen,
      @ForAll("completions") ScoredCompletion rejected,
      @ForAll @DoubleRange(min = 0.1, max = 10) double beta,
      @ForAll @DoubleRange(min = 0, max = 5) double gamma) {
    double x = beta * (chosen.meanLogp() - rejected.meanLogp()) - gamma;
    PairTerm term = TR.simpo(beta, gamma).at(ScoredPair.of(chosen, rejected));
    double pull = -beta * Numerics.sigmoid(-x);
    assertThat(term.value()).isCloseTo(-Numerics.logSigmoid(x), within(1e-11));
    assertThat(term.chosen()).isCloseTo(pull / chosen.tokens(), within(1e-11));
    assertThat(term.rejected()).isCloseTo(-pull / rejected.tokens(), within(1e-11));
  }

  /** γ is absolute: a margin of γ in rewards is where the loss is log 2. */
  @Property
  void at_a_reward_margin_of_gamma_it_is_log_two(
      @ForAll @DoubleRange(min = 0.1, max = 10) double beta,
      @ForAll @DoubleRange(min = 0, max = 5) double gamma) {
    SimpoLoss loss = TR.simpo(beta, gamma);
    var chosen = new ScoredCompletion(-3, Double.NaN, 3);
    var rejected = new ScoredCompletion(-2 * (1 + gamma / beta), Double.NaN, 2);
    assertThat(loss.reward(chosen) - loss.reward(rejected)).isCloseTo(gamma, within(1e-12));
    assertThat(loss.at(ScoredPair.of(chosen, rejected)).value())
        .isCloseTo(Math.log(2), within(1e-12));
  }

  @Property
  void smoothing_mixes_it_with_the_loss_of_the_opposite_margin(
      @ForAll @DoubleRange(min = -5, max = 5) double x,
      @ForAll @DoubleRange(min = 0, max = 0.49) double e) {
    double mixed = -(1 - e) * Numerics.logSigmoid(2 * x - 1) - e * Numerics.logSigmoid(1 - 2 * x);
    assertThat(TR.simpo(2, 1).labelSmoothing(e).at(pair(x)).value())
        .isCloseTo(mixed, within(1e-13));
    assertThat(TR.alphapo(2, 1, 0).labelSmoothing(e).at(pair(x)).value())
        .isCloseTo(mixed, within(1e-13));
  }

  @Property
  void alphapo_of_shape_zero_is_simpo(
      @ForAll("completions") ScoredCompletion chosen,
      @ForAll("completions") ScoredCompletion rejected) {
    ScoredPair pair = ScoredPair.of(chosen, rejected);
    assertThat(TR.alphapo(2, 0.5, 0).at(pair)).isEqualTo(TR.simpo(2, 0.5).at(pair));
    PairTerm nearly = TR.alphapo(2, 0.5, 1e-10).at(pair);
    assertThat(nearly.value()).isCloseTo(TR.simpo(2, 0.5).at(pair).value(), within(1e-6));
    assertThat(nearly.chosen()).isCloseTo(TR.simpo(2, 0.5).at(pair).chosen(), within(1e-6));
  }

  /** {@code r = (1 − p^−α)/α} and {@code r′ = p^−α}, where the textbook form can be computed. */
  @Property
  void the_reward_of_alphapo_is_that_of_its_paper(
      @ForAll @DoubleRange(min = -10, max = -0.1) double logp,
      @ForAll @DoubleRange(min = 0.05, max = 2) double alpha,
      @ForAll boolean negative) {
    double a = negative ? -alpha : alpha;
    double power = Math.pow(Math.exp(logp), -a);
    assertThat(TR.alphapo(3, 0, a).reward(new ScoredCompletion(4 * logp, Double.NaN, 4)))
        .isCloseTo(3 * (1 - power) / a, within(1e-11 * (1 + power / alpha)));
    PairTerm term =
        TR.alphapo(3, 0, a)
            .at(
                ScoredPair.of(
                    new ScoredCompletion(logp, Double.NaN, 1),
                    new ScoredCompletion(logp, Double.NaN, 1)));
    assertThat(term.chosen()).isCloseTo(-1.5 * power, within(1e-11 * power));
    assertThat(term.rejected()).isCloseTo(1.5 * power, within(1e-11 * power));
  }

  /** TRL's {@code exp(log p)} is 0 there, and 0 to a negative power infinite. */
  @Example
  void alphapo_is_finite_where_probabilities_underflow() {
    var far = new ScoredCompletion(-1e4, Double.NaN, 1);
    var near = new ScoredCompletion(-1, Double.NaN, 1);
    for (ScoredPair pair : new ScoredPair[] {ScoredPair.of(far, near), ScoredPair.of(near, far)}) {
      PairTerm term = TR.alphapo(2.5, 0.1, 0.25).at(pair);
      assertThat(term.value()).isFinite();
      assertThat(term.chosen()).isFinite();
      assertThat(term.rejected()).isFinite();
    }
    assertThat(TR.alphapo(1, 0, 0.25).reward(far)).isEqualTo(-4 * Math.expm1(80));
    assertThat(TR.alphapo(1, 0, -0.25).reward(far)).isEqualTo(-4);
  }

  @Example
  void they_depend_on_lengths_and_on_no_reference() {
    for (PairwiseLoss loss : new PairwiseLoss[] {TR.simpo(2, 0.5), TR.alphapo(2.5, 0.1, 0.25)}) {
      assertThat(loss.usesReference()).isFalse();
      assertThat(loss.usesLengths()).isTrue();
    }
    assertThat(TR.simpo(2, 0.5).name()).isEqualTo("simpo");
    assertThat(TR.alphapo(2.5, 0.1, 0.25).name()).isEqualTo("alphapo");
  }

  @Example
  void settings_outside_their_range_are_refused() {
    refused(() -> TR.simpo(0, 0.5), "beta must be a number > 0, not 0.0");
    refused(() -> TR.simpo(2, -0.1), "gamma must be a number >= 0, not -0.1");
    refused(
        () -> TR.simpo(2, 0.5).labelSmoothing(0.5),
        "label smoothing must lie in [0, 0.5), not be 0.5");
    refused(() -> TR.alphapo(-1, 0, 0), "beta must be a number > 0, not -1.0");
    refused(() -> TR.alphapo(1, Double.NaN, 0), "gamma must be a number >= 0, not NaN");
    refused(
        () -> TR.alphapo(1, 0, Double.POSITIVE_INFINITY),
        "alpha must be a finite number, not Infinity");
    refused(
        () -> TR.alphapo(1, 0, 0).labelSmoothing(-1),
        "label smoothing must lie in [0, 0.5), not be -1.0");
  }

  private static void refused(Runnable settings, String message) {
    assertThatIllegalArgumentException().isThrownBy(settings::run).withMessage(message);
  }

  private static ScoredPair pair(double margin) {
    return ScoredPair.of(
        new ScoredCompletion(margin - 6, Double.NaN, 1), new ScoredCompletion(-6, Double.NaN, 1));
  }

  @Provide
  Arbitrary<ScoredCompletion> completions() {
    return Scored.completions(100)
        .map(it -> new ScoredCompletion(it.logp(), Double.NaN, it.tokens()));
  }
}
