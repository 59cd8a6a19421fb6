package io.github.tralign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.tralign.loss.ApoDownLoss;
import io.github.tralign.loss.ApoZeroLoss;
import io.github.tralign.loss.BcoPairLoss;
import io.github.tralign.loss.CalDpoLoss;
import io.github.tralign.loss.DiscopopLoss;
import io.github.tralign.loss.DpoLoss;
import io.github.tralign.loss.DpoNormLoss;
import io.github.tralign.loss.DpopLoss;
import io.github.tralign.loss.ExoLoss;
import io.github.tralign.loss.HingeLoss;
import io.github.tralign.loss.IpoLoss;
import io.github.tralign.loss.IpoMeanLoss;
import io.github.tralign.loss.NcaLoss;
import io.github.tralign.loss.OdpoLoss;
import io.github.tralign.loss.PairwiseLoss;
import io.github.tralign.loss.RobustLoss;
import io.github.tralign.loss.RpoBwdKlLoss;
import io.github.tralign.loss.RpoFwdKlLoss;
import io.github.tralign.loss.RpoSqLoss;
import io.github.tralign.loss.SppoHardLoss;
import io.github.tralign.loss.SppoLoss;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TRTest {

  @ParameterizedTest
  @MethodSource("losses")
  void each_loss_has_its_name_and_the_defaults_of_the_field(
      String name, DoubleFunction<PairwiseLoss> factory, PairwiseLoss expected) {
    assertThat(factory.apply(0.3)).isEqualTo(expected);
    assertThat(expected.name()).isEqualTo(name);
    assertThat(expected.rewardScale()).isEqualTo(0.3);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void a_beta_outside_its_range_is_refused(
      String name, DoubleFunction<PairwiseLoss> factory, PairwiseLoss expected) {
    for (double beta : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> factory.apply(beta))
          .withMessage("beta must be a number > 0, not " + beta);
    }
  }

  static Stream<Arguments> losses() {
    return Stream.of(
        loss("dpo", TR::dpo, new DpoLoss(0.3, 0)),
        loss("robust", beta -> TR.robust(beta, 0.1), new RobustLoss(0.3, 0.1)),
        loss("hinge", TR::hinge, new HingeLoss(0.3)),
        loss("ipo", TR::ipo, new IpoLoss(0.3)),
        loss("ipo-mean", TR::ipoMean, new IpoMeanLoss(0.3)),
        loss("dpo-norm", TR::dpoNorm, new DpoNormLoss(0.3)),
        loss("exo", TR::exo, new ExoLoss(0.3, 1e-3)),
        loss("nca", TR::nca, new NcaLoss(0.3)),
        loss("bco-pair", TR::bcoPair, new BcoPairLoss(0.3)),
        loss("sppo", TR::sppo, new SppoLoss(0.3)),
        loss("sppo-hard", TR::sppoHard, new SppoHardLoss(0.3)),
        loss("apo-zero", TR::apoZero, new ApoZeroLoss(0.3)),
        loss("apo-down", TR::apoDown, new ApoDownLoss(0.3)),
        loss("discopop", TR::discopop, new DiscopopLoss(0.3, 0.05)),
        loss("odpo", TR::odpo, new OdpoLoss(0.3, 1, OdpoLoss.Offset.LOG)),
        loss("dpop", TR::dpop, new DpopLoss(0.3, 50)),
        loss("cal-dpo", TR::calDpo, new CalDpoLoss(0.3, 0.5)),
        loss("rpo-bwd-kl", TR::rpoBwdKl, new RpoBwdKlLoss(0.3, 1)),
        loss("rpo-fwd-kl", TR::rpoFwdKl, new RpoFwdKlLoss(0.3, 1)),
        loss("rpo-sq", TR::rpoSq, new RpoSqLoss(0.3, 1)));
  }

  private static Arguments loss(
      String name, DoubleFunction<PairwiseLoss> factory, PairwiseLoss expected) {
    return arguments(name, factory, expected);
  }
}
