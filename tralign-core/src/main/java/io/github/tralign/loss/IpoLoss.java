package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.square;

/**
 * Identity preference optimization on summed log-probabilities: {@code L = (h − 1/(2β))²}, {@code
 * ∂L/∂h = 2 (h − 1/(2β))}.
 *
 * <p>Azar et al., "A General Theoretical Paradigm to Understand Learning from Human Preferences"
 * (arXiv 2310.12036), equation 17, whose τ is β here. This is the paper's form, also used in the
 * paper on TR; {@link IpoMeanLoss} uses means per token. Its second derivative in h is 2
 * everywhere, so each reference update restores the full derivative {@code −1/β}.
 *
 * @param beta regularization strength, &gt; 0: the target margin is {@code 1/(2β)}
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
