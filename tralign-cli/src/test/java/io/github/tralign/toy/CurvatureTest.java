package io.github.tralign.toy;

import static io.github.tralign.loss.Numerics.sigmoid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.data.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class CurvatureTest {

  private static final double BETA = 0.7;
  private static final Example PAIR =
      Example.pair(new int[] {0}, new int[] {1, 2}, new int[] {2, 1});

  @Property
  void of_dpo_it_has_the_closed_form(
      @ForAll @DoubleRange(min = -9, max = 9) double a,
      @ForAll @DoubleRange(min = -9, max = 9) double b) {
    double x = BETA * (a - b);
    assertCurvature(
        at(ToyLoss.DPO, a, b),
        BETA * sigmoid(-x),
        BETA * sigmoid(-x),
        BETA * BETA * sigmoid(x) * sigmoid(-x));
  }

  @Property
  void of_ipo_the_pull_is_linear_and_the_curvature_two(
      @ForAll @DoubleRange(min = -9, max = 9) double a,
      @ForAll @DoubleRange(min = -9, max = 9) double b) {
    double pull = 2 * Math.abs(a - b - 1 / (2 * BETA));
    assertCurvature(at(ToyLoss.IPO, a, b), pull, pull, 2);
  }

  @Property
  void of_kto_each_sequence_is_pulled_at_for_itself(
      @ForAll @DoubleRange(min = -9, max = 9) double a,
      @ForAll @DoubleRange(min = -9, max = 9) double b) {
    double ofChosen = BETA / 2 * sigmoid(BETA * a) * sigmoid(-BETA * a);
    double ofRejected = BETA / 2 * sigmoid(BETA * b) * sigmoid(-BETA * b);
    double hessian = BETA * ofChosen * (2 * sigmoid(BETA * a) - 1);
    assertCurvature(at(ToyLoss.KTO, a, b), ofChosen, ofRejected, hessian);
  }

  /** Where a ≥ 0 ≥ b the loss is ½ (1 − σ(βa)) + ½ (1 − σ(β(a − b))). */
  @Property
  void of_kto_on_pairs_a_part_depends_on_the_margin_alone(
      @ForAll @DoubleRange(min = 0.1, max = 9) double a,
      @ForAll @DoubleRange(min = -9, max = -0.1) double b) {
    double x = BETA * (a - b);
    double ofMargin = BETA / 2 * sigmoid(x) * sigmoid(-x);
    double ofChosen = BETA / 2 * sigmoid(BETA * a) * sigmoid(-BETA * a);
    double hessian =
        BETA * (ofChosen * (2 * sigmoid(BETA * a) - 1) + ofMargin * (2 * sigmoid(x) - 1));
    assertCurvature(at(ToyLoss.KTO_PAIR, a, b), ofChosen + ofMargin, ofMargin, hessian);
  }

  private static Curvature at(ToyLoss loss, double a, double b) {
    return Curvature.of(loss.withBeta(BETA), loss.data(PAIR), a, b);
  }

  private static void assertCurvature(
      Curvature actual, double gradient, double rejectedGradient, double hessian) {
    assertThat(actual.gradient()).isCloseTo(gradient, within(1e-12));
    assertThat(actual.rejectedGradient()).isCloseTo(rejectedGradient, within(1e-12));
    assertThat(actual.hessian()).isCloseTo(hessian, within(1e-7));
  }
}
