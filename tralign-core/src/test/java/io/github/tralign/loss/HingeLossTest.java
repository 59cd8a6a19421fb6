package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.TR;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class HingeLossTest {

  @Property
  void it_is_the_distance_to_a_margin_of_one(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta,
      @ForAll @DoubleRange(min = 0.01, max = 500) double off) {
    HingeLoss loss = TR.hinge(beta);
    double kink = 1 / beta;
    assertThat(loss.value(kink - off)).isCloseTo(beta * off, within(1e-10));
    assertThat(loss.slope(kink - off)).isEqualTo(-beta);
    assertThat(loss.value(kink + off)).isZero();
    assertThat(loss.slope(kink + off)).isZero();
  }

  @Example
  void at_its_kink_it_has_come_to_rest() {
    assertThat(TR.hinge(0.5).value(2)).isZero();
    assertThat(TR.hinge(0.5).slope(2)).isZero();
  }

  @Property
  void where_policy_and_reference_agree_it_is_one(
      @ForAll @DoubleRange(min = 0.01, max = 10) double beta) {
    assertThat(TR.hinge(beta).value(0)).isEqualTo(1);
    assertThat(TR.hinge(beta).slope(0)).isEqualTo(-beta);
  }
}
