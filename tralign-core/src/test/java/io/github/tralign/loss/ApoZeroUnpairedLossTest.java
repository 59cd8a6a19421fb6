package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.sigmoid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

class ApoZeroUnpairedLossTest {

  /** {@code 1 − σ(βa)} and {@code σ(βa)}. */
  @Property
  void it_is_the_equation_of_the_paper(@ForAll @DoubleRange(min = -100, max = 100) double a) {
    ApoZeroUnpairedLoss loss = TR.apoZeroUnpaired(0.1).weights(1, 1.5);
    assertThat(loss.at(Scored.of(a), true, 0).value())
        .isCloseTo(1 - sigmoid(0.1 * a), within(1e-15));
    assertThat(loss.at(Scored.of(a), false, 0).value())
        .isCloseTo(1.5 * sigmoid(0.1 * a), within(1e-15));
  }

  @Property
  void it_is_kto_without_mismatched_completions(
      @ForAll @DoubleRange(min = -100, max = 100) double a,
      @ForAll @DoubleRange(min = -100, max = 100) double b) {
    ScoredBatch batch =
        ScoredBatch.of(ImmutableList.of(Scored.labelled(a, true), Scored.labelled(b, false)));
    LossResult result = TR.apoZeroUnpaired(0.2).weights(2, 3).evaluate(batch);
    LossResult kto = TR.kto(0.2).weights(2, 3).evaluate(batch);
    assertThat(result.value()).isEqualTo(kto.value());
    assertThat(result.gradient()).isDeepEqualTo(kto.gradient());
    assertThat(result.metrics()).isEmpty();
  }

  @Example
  void its_defaults_are_those_of_the_field() {
    assertThat(TR.apoZeroUnpaired(0.1)).isEqualTo(new ApoZeroUnpairedLoss(0.1, 1, 1));
    assertThat(TR.apoZeroUnpaired(0.1).name()).isEqualTo("apo-zero-unpaired");
    assertThat(TR.apoZeroUnpaired(0.1).usesMismatched()).isFalse();
  }

  @Example
  void settings_outside_their_range_are_refused() {
    for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.apoZeroUnpaired(wrong))
          .withMessage("beta must be a number > 0, not " + wrong);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.apoZeroUnpaired(0.1).weights(wrong, 1))
          .withMessage("desirable weight must be a number > 0, not " + wrong);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.apoZeroUnpaired(0.1).weights(1, wrong))
          .withMessage("undesirable weight must be a number > 0, not " + wrong);
    }
  }
}
