package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.square;

/**
 * Identity preference optimization on summed log-probabilities: {@code L = (h − 1/(2β))²}, {@code
 * ∂L/∂h = 2 (h − 1/(2β))}.
 *
 * <p>Azar et al., "A General Theoretical Paradigm to Understand Learning from Human Preferences"
 * (arXiv 2310.12036), equation 17, whose τ is β here. This is the literal form, with which the
 * authors of the moving reference work too; {@link IpoMeanLoss} is the one on token means. Its
 * curvature in h is 2 everywhere, so a reference that moves adds the full pull {@code −1/β} again.
 *
 * @param beta regularization strength, &gt; 0: the margin aimed at is {@code 1/(2β)}
 */
public record IpoLoss(double beta) implements MarginLoss {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code beta} is not a number &gt; 0
   */
  public IpoLoss {
    Ranges.positive("beta", beta);
  }

  @Override
  public String name() {
    return "ipo";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public double value(double h) {
    return square(h - 1 / (2 * beta));
  }

  @Override
  public double slope(double h) {
    return 2 * (h - 1 / (2 * beta));
  }
}
