package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableList;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LdLossTest {

  @Property
  void tokens_behind_the_end_of_the_shorter_completion_count_alpha(
      @ForAll @DoubleRange(min = 0, max = 1) double alpha,
      @ForAll @IntRange(min = 1, max = 9) int chosen,
      @ForAll @IntRange(min = 1, max = 9) int rejected) {
    Example pair = Example.pair(new int[1], new int[chosen], new int[rejected]);
    TokenWeights weights = TR.dpo(0.1).lengthDesensitized(alpha).tokenWeights();
    for (int k = 0; k < 2; k++) {
      for (int t = 0; t < pair.completions().get(k).length(); t++) {
        assertThat(weights.of(pair, k, t)).isEqualTo(t < Math.min(chosen, rejected) ? 1 : alpha);
      }
    }
  }

  @Test
  void but_for_the_weights_it_is_the_loss() {
    var pairs = List.of(Scored.pair(1, -2), Scored.pair(0.5, 3));
    for (AlignmentLoss loss : ImmutableList.of(TR.dpo(0.1), TR.cpo(0.1).sftWeight(0))) {
      LdLoss modified = loss.lengthDesensitized(0.3);
      assertThat(modified.evaluate(Scored.batch(pairs)).value())
          .isEqualTo(loss.evaluate(Scored.batch(pairs)).value());
      assertThat(modified.reward(Scored.of(2))).isEqualTo(loss.reward(Scored.of(2)));
      assertThat(modified.usesReference()).isEqualTo(loss.usesReference());
      assertThat(modified.separable()).isEqualTo(loss.separable());
      assertThat(modified.usesMismatched()).isEqualTo(loss.usesMismatched());
      assertThat(modified.name()).isEqualTo(loss.name() + "[ld]");
    }
  }

  @Test
  void it_takes_pairs_alone() {
    LdLoss loss = TR.dpo(0.1).lengthDesensitized(0.3);
    loss.check(Losses.JUDGED_PAIR);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loss.check(Example.demonstration(new int[1], new int[1])))
        .withMessageContaining("the loss dpo[ld] needs preference pairs");
  }

  @Test
  void an_alpha_outside_its_range_is_refused() {
    for (double alpha : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> TR.dpo(0.1).lengthDesensitized(alpha))
          .withMessage("ld alpha must lie in [0, 1.0], not be " + alpha);
    }
  }
}
