package io.github.tralign.loss;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.Example;
import io.github.tralign.data.row.Judgement;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Every loss, with settings of everyday size; what is listed here is held to the shared tests. */
final class Losses {

  static final Arbitrary<Double> BETA = Scored.between(0.01, 1);
  private static final Arbitrary<Double> WEIGHT = Scored.between(0.1, 3);

  /** A pair of which all is known that a loss may need. */
  static final Example JUDGED_PAIR =
      Example.pair(new int[1], new int[1], new int[1])
          .with(Judgement.NONE.margin(1).winProbability(0.75));

  private Losses() {}

  /** The losses on pairs that compare with a reference. */
  static ImmutableList<Arbitrary<? extends PairwiseLoss>> pairwise() {
    return ImmutableList.of(
        Combinators.combine(BETA, Scored.between(0, 0.45)).as(DpoLoss::new),
        BETA.map(IpoLoss::new),
        BETA.map(IpoMeanLoss::new),
        Combinators.combine(BETA, Scored.between(0, 0.45)).as(RobustLoss::new),
        BETA.map(HingeLoss::new),
        BETA.map(DpoNormLoss::new),
        Combinators.combine(BETA, Scored.between(0.001, 0.45)).as(ExoLoss::new),
        BETA.map(NcaLoss::new),
        BETA.map(BcoPairLoss::new),
        BETA.map(SppoHardLoss::new),
        BETA.map(SppoLoss::new),
        BETA.map(ApoZeroLoss::new),
        BETA.map(ApoDownLoss::new),
        Combinators.combine(BETA, Scored.between(0.05, 1)).as(DiscopopLoss::new),
        Combinators.combine(BETA, Scored.between(0, 2), Arbitraries.of(OdpoLoss.Offset.class))
            .as(OdpoLoss::new),
        Combinators.combine(BETA, Scored.between(1, 50)).as(DpopLoss::new),
        Combinators.combine(BETA, Scored.between(0, 2)).as(CalDpoLoss::new),
        Combinators.combine(BETA, Scored.between(0.1, 2)).as(RpoBwdKlLoss::new),
        Combinators.combine(BETA, Scored.between(0.1, 2)).as(RpoFwdKlLoss::new),
        Combinators.combine(BETA, Scored.between(0.1, 2)).as(RpoSqLoss::new));
  }

  /** The losses on pairs that compare with no reference. */
  static ImmutableList<Arbitrary<? extends PairwiseLoss>> pairwiseFree() {
    Arbitrary<Double> smoothings = Scored.between(0, 0.45);
    Arbitrary<Double> gammas = Scored.between(0, 3);
    Arbitrary<Double> sftWeights = Scored.between(0, 2);
    return ImmutableList.of(
        Combinators.combine(BETA, gammas, smoothings).as(SimpoLoss::new),
        Combinators.combine(BETA, gammas, Scored.between(-1, 0.5), smoothings).as(AlphapoLoss::new),
        Combinators.combine(BETA, smoothings, sftWeights).as(CpoLoss::new),
        Combinators.combine(BETA, sftWeights).as(CpoHingeLoss::new),
        Combinators.combine(BETA, sftWeights).as(CpoIpoLoss::new),
        BETA.map(OrpoLoss::new),
        Combinators.combine(Scored.between(0.1, 5), sftWeights).as(SlicLoss::new));
  }

  /** The losses that are a mean over labelled completions. */
  static ImmutableList<Arbitrary<? extends UnpairedLoss>> unpaired() {
    return ImmutableList.of(
        Combinators.combine(BETA, WEIGHT, WEIGHT).as(KtoLoss::new),
        Combinators.combine(BETA, WEIGHT, WEIGHT).as(ApoZeroUnpairedLoss::new));
  }

  /** The losses that couple the rows of a batch, with all of it in the gradient. */
  static ImmutableList<Arbitrary<? extends AlignmentLoss>> coupled() {
    return ImmutableList.of(
        BETA.map(beta -> new KtoPairLoss(beta, false)),
        Combinators.combine(BETA, Scored.between(0, 0.45)).as(AotLoss::new),
        Combinators.combine(BETA, Scored.between(0, 0.45)).as(AotUnpairedLoss::new));
  }

  /**
   * The losses that take a figure of the batch as a constant, so that their gradient is not that of
   * their value; each has a test of its own for its derivative.
   */
  static ImmutableList<Arbitrary<? extends AlignmentLoss>> detaching() {
    return ImmutableList.of(
        any(pairwise()).map(PairwiseLoss::wpo),
        BETA.map(BcoLoss::new),
        BETA.map(BcoPairShiftLoss::new),
        BETA.map(beta -> new KtoPairLoss(beta, true)),
        Combinators.combine(BETA, Scored.between(0, 1), Scored.between(0.2, 1))
            .as((beta, scale, kept) -> new BetaDpoLoss(beta, scale, kept, 0.9, 7)),
        Combinators.combine(BETA, Scored.between(0, 2)).as(Tdpo2Loss::new));
  }

  /** What a loss may be combined with or wrapped into. */
  static ImmutableList<Arbitrary<? extends AlignmentLoss>> modified() {
    Arbitrary<Double> weights = Scored.between(0.1, 2);
    return ImmutableList.of(
        Combinators.combine(any(pairwise()), FDivergenceTest.divergences()).as(DivergenceLoss::new),
        any(pairwise()).map(PairwiseLoss::referenceFree),
        any(pairwise())
            .filter(loss -> !loss.usesLengths())
            .map(loss -> loss.lengthDesensitized(0.5)),
        Combinators.combine(weights, any(pairwise()), weights, any(pairwiseFree()))
            .as((u, first, v, second) -> first.times(u).plus(v, second).plus(new SftLoss())));
  }

  /** All losses whose gradient is that of their value. */
  static ImmutableList<Arbitrary<? extends AlignmentLoss>> differentiable() {
    return ImmutableList.<Arbitrary<? extends AlignmentLoss>>builder()
        .addAll(pairwise())
        .addAll(pairwiseFree())
        .addAll(unpaired())
        .addAll(coupled())
        .add(BETA.map(Tdpo1Loss::new))
        .addAll(modified())
        .add(Arbitraries.just(new SftLoss()))
        .build();
  }

  /** All losses. */
  static ImmutableList<Arbitrary<? extends AlignmentLoss>> all() {
    return ImmutableList.<Arbitrary<? extends AlignmentLoss>>builder()
        .addAll(differentiable())
        .addAll(detaching())
        .build();
  }

  /** Whether a loss takes pairs; else it takes labelled completions. */
  static boolean takesPairs(AlignmentLoss loss) {
    return Modifiers.takes(loss, JUDGED_PAIR);
  }

  /** Whether rows may have weights. */
  static boolean takesWeights(AlignmentLoss loss) {
    return !(loss instanceof AotLoss || loss instanceof AotUnpairedLoss);
  }

  /** Whether a row pulls at others, so that it does even where it counts for nothing itself. */
  static boolean pullsAcrossRows(AlignmentLoss loss) {
    return loss instanceof KtoPairLoss it && !it.detached();
  }

  /** Whether it matters where in the batch a row stands. */
  static boolean goesByPlace(AlignmentLoss loss) {
    return loss instanceof BetaDpoLoss;
  }

  /** Any one of them, each as likely as the others. */
  static <T> Arbitrary<T> any(ImmutableList<Arbitrary<? extends T>> losses) {
    return Arbitraries.oneOf(losses);
  }
}
