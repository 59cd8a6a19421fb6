package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.logSigmoid;
import static io.github.tralign.loss.Numerics.sigmoid;
import static io.github.tralign.loss.Numerics.square;

/**
 * Calibrated DPO: {@code L = −log σ(h) + c [(a − 1/(2β))² + (b + 1/(2β))²]}, {@code ∂L/∂a = −σ(−h)
 * + 2c (a − 1/(2β))}, {@code ∂L/∂b = σ(−h) + 2c (b + 1/(2β))}.
 *
 * <p>Xiao et al., "Cal-DPO: Calibrated Direct Preference Optimization for Language Model Alignment"
 * (arXiv 2412.14516): the contrastive term only orders the two log-ratios; the calibration term
 * sets their target values. β occurs in the targets only.
 *
 * @param beta regularization strength, &gt; 0: the target log-ratios are {@code ±1/(2β)}
 * @param calibration c, ≥ 0; ½ in the authors' code, 1 in turbo-alignment
 */
public record CalDpoLoss(double beta, double calibration) implements PairwiseLoss {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public CalDpoLoss {
    Ranges.positive("beta", beta);
    Ranges.notNegative("calibration", calibration);
  }

  /** The same loss with another weight of the calibration. */
  public CalDpoLoss calibration(double weight) {
    return new CalDpoLoss(beta, weight);
  }

  @Override
  public String name() {
    return "cal-dpo";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    double h = pair.h();
    double a = pair.a() - 1 / (2 * beta);
    double b = pair.b() + 1 / (2 * beta);
    PairTerm contrast = PairTerm.ofMargin(-logSigmoid(h), -sigmoid(-h));
    return contrast.plus(new PairTerm(square(a) + square(b), 2 * a, 2 * b).times(calibration));
  }
}
