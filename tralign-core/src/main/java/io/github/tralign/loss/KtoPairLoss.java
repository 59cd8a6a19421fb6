package io.github.tralign.loss;

import com.google.common.collect.ImmutableMap;

/**
 * Kahneman-Tversky optimization on pairs, without mismatched completions: for the chosen
 * completions, the distance of the policy from its reference is estimated on the rejected ones, and
 * the other way round. With the means ā and b̄ over the batch,
 *
 * <pre>
 * L = ½ (1 − σ(β(a − z_l))) + ½ (1 − σ(β(z_w − b))),   z_w = max(0, ā),   z_l = max(0, b̄)
 * </pre>
 *
 * <p>This is {@code KTOLoss} of turbo-alignment, the library of the TR authors, and {@code
 * kto_pair} of earlier TRL versions; it is not {@link KtoLoss}. Here z has a gradient, {@code
 * ∂L/∂z_w = −½ β Σ_i s_i / n} with {@code s = σ(β(z_w − b)) σ(β(b − z_w))}, which is distributed
 * equally over all {@code a} if {@code ā ≥ 0}, and likewise for z_l: it rewards a policy for moving
 * away from its reference on chosen completions. The original KTO treats z as a constant: {@link
 * #detached}.
 *
 * @param beta strength of the regularization towards the reference, &gt; 0
 * @param detached whether z_w and z_l are constants in the derivative
 */
public record KtoPairLoss(double beta, boolean detached) implements CoupledPairwiseLoss {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code beta} is not a number &gt; 0
   */
  public KtoPairLoss {
    Ranges.positive("beta", beta);
  }

  /** The same loss with z_w and z_l as constants in the derivative, or not. */
  public KtoPairLoss detached(boolean is) {
    return new KtoPairLoss(beta, is);
  }

  @Override
  public String name() {
    return "kto-pair";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public LossResult evaluate(ScoredBatch batch) {
    int n = batch.size();
    KtoLoss kto = new KtoLoss(beta, 1, 1);
    double chosenMean = meanLogRatio(batch, 0);
    double rejectedMean = meanLogRatio(batch, 1);
    double value = 0;
    double[] byBaseline = new double[2]; // ∂L/∂z_w, ∂L/∂z_l
    double[][] gradient = new double[n][];
    for (int i = 0; i < n; i++) {
      ScoredPair pair = batch.pair(i);
      double share = pair.judgement().weight() / (2 * n);
      CompletionTerm chosen = kto.at(pair.chosen(), true, Math.max(0, rejectedMean));
      CompletionTerm rejected = kto.at(pair.rejected(), false, Math.max(0, chosenMean));
      value += share * (chosen.value() + rejected.value());
      gradient[i] = new double[] {share * chosen.slope(), share * rejected.slope()};
      byBaseline[0] -= gradient[i][1]; // log-ratio and baseline enter by their difference alone
      byBaseline[1] -= gradient[i][0];
    }
    if (!detached) {
      spread(gradient, 0, chosenMean, byBaseline[0]);
      spread(gradient, 1, rejectedMean, byBaseline[1]);
    }
    return new LossResult(value, gradient)
        .withMetrics(
            ImmutableMap.of(
                "kl/chosen", Math.max(0, chosenMean), "kl/rejected", Math.max(0, rejectedMean)));
  }

  /** At a mean of 0, where the clamp is not differentiable, the gradient passes, as in PyTorch. */
  private static void spread(double[][] gradient, int completion, double mean, double slope) {
    for (int i = 0; i < gradient.length && mean >= 0; i++) {
      gradient[i][completion] += slope / gradient.length;
    }
  }

  private static double meanLogRatio(ScoredBatch batch, int completion) {
    double sum = 0;
    for (int i = 0; i < batch.size(); i++) {
      sum += batch.get(i, completion).logRatio();
    }
    return sum / batch.size();
  }
}
