package io.github.tralign.loss;

import com.google.common.collect.ImmutableMap;

/**
 * A loss on pairs with an additional NLL term on the chosen completions: the mean over the pairs of
 * {@link #at} plus {@code λ · NLL}. NLL is {@link SftLoss}: the mean over all tokens of the batch's
 * chosen completions, which is not a mean over pairs.
 */
public interface PairwiseWithSft extends PairwiseLoss {

  /** {@code λ ≥ 0}, the weight of the NLL. */
  double sftWeight();

  @Override
  default boolean usesLengths() {
    return sftWeight() > 0;
  }

  @Override
  default LossResult evaluate(ScoredBatch batch) {
    LossResult preference = PairwiseLoss.super.evaluate(batch);
    if (sftWeight() == 0) {
      return preference;
    }
    LossResult nll = new SftLoss().evaluate(batch);
    return preference.plus(sftWeight(), nll).withMetrics(ImmutableMap.of("nll_loss", nll.value()));
  }
}
