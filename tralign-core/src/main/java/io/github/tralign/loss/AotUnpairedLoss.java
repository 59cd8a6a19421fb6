package io.github.tralign.loss;

import io.github.tralign.data.Example;
import java.util.Arrays;

/**
 * Alignment via optimal transport that ignores which completions form a pair: the distribution of
 * the batch's chosen log-ratios should stochastically dominate that of the rejected ones, so both
 * are sorted and compared rank by rank. With the i-th smallest {@code a_(i)} and {@code b_(i)},
 *
 * <pre>
 * L = (1/n) Σ_i f(a_(i) − b_(i)),   f(h) = −(1−ε) log σ(βh) − ε log σ(−βh)
 * </pre>
 *
 * <p>Melnyk et al. (arXiv 2406.05882), the unpaired form; f is that of {@link DpoLoss}. The
 * derivative {@code f′} of a rank belongs to the chosen and, negated, to the rejected completion of
 * that rank; equal log-ratios share their derivatives equally. Rows must have the weight 1, since a
 * comparison of ranks does not belong to a single row.
 *
 * @param beta strength of the regularization towards the reference, &gt; 0
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
    double[] chosen = new double[n];
    double[] rejected = new double[n];
    for (int i = 0; i < n; i++) {
      chosen[i] = batch.pair(i).a();
      rejected[i] = batch.pair(i).b();
    }
    Ranking a = new Ranking(chosen);
    Ranking b = new Ranking(rejected);
    DpoLoss f = new DpoLoss(beta, labelSmoothing);
    double value = 0;
    double[] slopes = new double[n];
    for (int rank = 0; rank < n; rank++) {
      double h = a.value(rank) - b.value(rank);
      value += f.value(h) / n;
      slopes[rank] = f.slope(h) / n;
    }
    double[] byChosen = a.derivatives(slopes);
    double[] byRejected = b.derivatives(slopes);
    double[][] gradient = new double[n][];
    Arrays.setAll(gradient, i -> new double[] {byChosen[i], -byRejected[i]});
    return new LossResult(value, gradient);
  }
}
