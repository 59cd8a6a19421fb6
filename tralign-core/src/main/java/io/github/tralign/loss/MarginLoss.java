package io.github.tralign.loss;

/**
 * A loss on pairs that depends on the margin {@code h = a − b} only, so that {@code ∂L/∂a = L′(h)}
 * and {@code ∂L/∂b = −L′(h)}.
 */
public interface MarginLoss extends PairwiseLoss {

  /** {@code L(h)}. */
  double value(double h);

  /** {@code L′(h)}. */
  double slope(double h);

  @Override
  default PairTerm at(ScoredPair pair) {
    return PairTerm.ofMargin(value(pair.h()), slope(pair.h()));
  }
}
