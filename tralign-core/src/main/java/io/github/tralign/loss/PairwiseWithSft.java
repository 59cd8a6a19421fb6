package io.github.tralign.loss;

import com.google.common.collect.ImmutableMap;

/**
 * A loss on pairs that imitates the chosen completions too: the mean over the pairs of {@link #at}
 * plus {@code λ · NLL}. The second term is {@link SftLoss}: the mean over all tokens of the batch's
 * chosen completions, so that it is no sum of terms of single pairs.
 */
public interface PairwiseWithSft extends PairwiseLoss {

  /** {@code λ ≥ 0}; with 0 the pairs' terms are all there is. */
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
