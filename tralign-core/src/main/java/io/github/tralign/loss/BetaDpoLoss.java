package io.github.tralign.loss;

import com.google.common.collect.ImmutableMap;
import java.util.Arrays;

/**
 * DPO with a dynamic β, on those pairs of a batch whose margins h are close to their moving
 * average: with moving mean μ and standard deviation σ of h, both updated with this batch first,
 *
 * <pre>
 * kept = a share of the batch, drawn without replacement in proportion to exp(−½ ((h − μ)/σ)²)
 * β′ = max(10⁻³, β (1 + κ (mean of h over kept − μ)))
 * L = mean over kept of −log σ(β′h),   ∂L/∂h = −β′ σ(−β′h) / number kept
 * </pre>
 *
 * <p>Wu et al., "β-DPO: Direct Preference Optimization with Dynamic β" (arXiv 2407.08639), as in
 * its authors' code. β′ and the selection are treated as constants in the derivative. μ and σ start
 * at 0, like the margins of a run; h does not include β. Each step reports β′ as {@code beta}, and
 * μ and σ as {@code gap/mean} and {@code gap/std}; rewards are computed with β, not β′. Pairs that
 * are not kept have no gradient.
 *
 * @param beta base value of β, &gt; 0
 * @param scale κ, ≥ 0; 0.6 in the authors' example; 0 keeps β constant
 * @param kept share of the batch that is kept, in (0, 1], rounded down to pairs, at least one; 0.8
 *     in the authors' code
 * @param momentum weight of the past in μ and σ, in [0, 1); 0.9 in the authors' code
 * @param seed random seed of the selection, which depends on the seed and the step number only
 */
public record BetaDpoLoss(double beta, double scale, double kept, double momentum, long seed)
    implements CoupledPairwiseLoss {

  private static final double LEAST_BETA = 1e-3;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public BetaDpoLoss {
    Ranges.positive("beta", beta);
    Ranges.notNegative("scale", scale);
    Ranges.upTo("kept share of pairs", kept, 1);
    Ranges.halfOpen("momentum", momentum, 1);
  }

  /** The same loss with another κ. */
  public BetaDpoLoss scale(double kappa) {
    return new BetaDpoLoss(beta, kappa, kept, momentum, seed);
  }

  /** The same loss with another share of kept pairs. */
  public BetaDpoLoss kept(double share) {
    return new BetaDpoLoss(beta, scale, share, momentum, seed);
  }

  /** The same loss with another weight of the past. */
  public BetaDpoLoss momentum(double ofPast) {
    return new BetaDpoLoss(beta, scale, kept, ofPast, seed);
  }

  /** The same loss with another random seed. */
  public BetaDpoLoss seed(long ofDraw) {
    return new BetaDpoLoss(beta, scale, kept, momentum, ofDraw);
  }

  @Override
  public String name() {
    return "beta-dpo";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public LossResult evaluate(ScoredBatch batch) {
    double[] gaps = new double[batch.size()];
    Arrays.setAll(gaps, i -> batch.pair(i).h());
    MarginMoments moments = MarginMoments.in(batch.memory()).with(gaps, momentum);
    int[] rows = draw(gaps, moments);
    double mean = Arrays.stream(rows).mapToDouble(i -> gaps[i]).average().orElseThrow();
    double used = Math.max(LEAST_BETA, beta * (1 + scale * (mean - moments.mean())));
    DpoLoss dpo = new DpoLoss(used, 0);
    double value = 0;
    double[][] gradient = new double[batch.size()][2];
    for (int i : rows) {
      double share = batch.get(i).judgement().weight() / rows.length;
      value += share * dpo.value(gaps[i]);
      gradient[i] = new double[] {share * dpo.slope(gaps[i]), -share * dpo.slope(gaps[i])};
    }
    return new LossResult(value, gradient)
        .withMetrics(
            ImmutableMap.of(
                "beta", used, "gap/mean", moments.mean(), "gap/std", moments.deviation()))
        .withMemory(moments.memory());
  }

  private int[] draw(double[] gaps, MarginMoments moments) {
    int number = Math.max(1, (int) (kept * gaps.length));
    double[] logWeights = Arrays.stream(gaps).map(moments::logWeight).toArray();
    return WeightedDraw.of(logWeights, number, seed, moments.steps());
  }
}
