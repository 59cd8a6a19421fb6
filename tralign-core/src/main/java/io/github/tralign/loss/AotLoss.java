package io.github.tralign.loss;

import io.github.tralign.data.Example;
import java.util.Arrays;

/**
 * Alignment via optimal transport on pairs: the distribution of the batch's margins under the
 * policy should stochastically dominate that under the reference, so both are sorted and compared
 * rank by rank. With the i-th smallest {@code u_(i)} of {@code log π(y_w|x) − log π(y_l|x)} and
 * {@code v_(i)} of the same under the reference,
 *
 * <pre>
 * L = (1/n) Σ_i f(u_(i) − v_(i)),   f(h) = −(1−ε) log σ(βh) − ε log σ(−βh)
 * </pre>
 *
 * <p>Melnyk et al., "Distributional Preference Alignment of LLMs via Optimal Transport" (arXiv
 * 2406.05882), the paired form with the logistic loss; f is that of {@link DpoLoss}. The derivative
 * {@code f′} of a rank belongs to the pair whose margin under the policy has that rank; equal
 * margins share their derivatives equally. The reference's margins are constants. Rows must have
 * the weight 1, since a comparison of ranks does not belong to a single row.
 *
 * @param beta strength of the regularization towards the reference, &gt; 0
 * @param labelSmoothing ε, in [0, 0.5)
 */
public record AotLoss(double beta, double labelSmoothing) implements CoupledPairwiseLoss {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public AotLoss {
    Ranges.positive("beta", beta);
    Ranges.halfOpen("label smoothing", labelSmoothing, 0.5);
  }

  /** The same loss with another label smoothing. */
  public AotLoss labelSmoothing(double epsilon) {
    return new AotLoss(beta, epsilon);
  }

  @Override
  public String name() {
    return "aot";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public void check(Example example) {
    Ranges.requirePair(this, example);
    Ranges.requireUnweighted(this, example);
  }

  @Override
  public LossResult evaluate(ScoredBatch batch) {
    int n = batch.size();
    double[] policy = new double[n];
    double[] reference = new double[n];
    for (int i = 0; i < n; i++) {
      ScoredPair pair = batch.pair(i);
      policy[i] = pair.chosen().logp() - pair.rejected().logp();
      reference[i] = pair.chosen().referenceLogp() - pair.rejected().referenceLogp();
    }
    Ranking u = new Ranking(policy);
    Ranking v = new Ranking(reference);
    DpoLoss f = new DpoLoss(beta, labelSmoothing);
    double value = 0;
    double[] slopes = new double[n];
    for (int rank = 0; rank < n; rank++) {
      double h = u.value(rank) - v.value(rank);
      value += f.value(h) / n;
      slopes[rank] = f.slope(h) / n;
    }
    double[] byMargin = u.derivatives(slopes);
    double[][] gradient = new double[n][];
    Arrays.setAll(gradient, i -> new double[] {byMargin[i], -byMargin[i]});
    return new LossResult(value, gradient);
  }
}
