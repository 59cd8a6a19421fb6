package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.ascending;

import io.github.tralign.data.Example;

/**
 * Alignment via optimal transport on pairs whose pairing is not used: the batch's log-ratios of
 * chosen completions are to dominate those of rejected ones as a distribution, so both are sorted
 * and compared rank by rank. With the i-th smallest {@code a_(i)} and {@code b_(i)},
 *
 * <pre>
 * L = (1/n) Σ_i f(a_(i) − b_(i)),   f(h) = −(1−ε) log σ(βh) − ε log σ(−βh)
 * </pre>
 *
 * <p>Melnyk et al. (arXiv 2406.05882), the unpaired form; f is that of {@link DpoLoss}. The
 * derivative {@code f′} of each rank goes to the chosen and, negated, to the rejected completion of
 * that rank; equal log-ratios are ranked in the order of the data. Rows must have the weight 1,
 * since a comparison is of no one row.
 *
 * @param beta strength of the pull to the reference, &gt; 0
 * @param labelSmoothing ε, in [0, 0.5)
 */
public record AotUnpairedLoss(double beta, double labelSmoothing) implements CoupledPairwiseLoss {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public AotUnpairedLoss {
    Ranges.positive("beta", beta);
    Ranges.halfOpen("label smoothing", labelSmoothing, 0.5);
  }

  /** The same loss with another label smoothing. */
  public AotUnpairedLoss labelSmoothing(double epsilon) {
    return new AotUnpairedLoss(beta, epsilon);
  }

  @Override
  public String name() {
    return "aot-unpaired";
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
    DpoLoss f = new DpoLoss(beta, labelSmoothing);
    double[] a = new double[n];
    double[] b = new double[n];
    for (int i = 0; i < n; i++) {
      a[i] = batch.pair(i).a();
      b[i] = batch.pair(i).b();
    }
    int[] byChosen = ascending(a);
    int[] byRejected = ascending(b);
    double value = 0;
    double[][] gradient = new double[n][2];
    for (int rank = 0; rank < n; rank++) {
      double h = a[byChosen[rank]] - b[byRejected[rank]];
      value += f.value(h) / n;
      gradient[byChosen[rank]][0] = f.slope(h) / n;
      gradient[byRejected[rank]][1] = -f.slope(h) / n;
    }
    return new LossResult(value, gradient);
  }
}
