package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.logSigmoid;
import static io.github.tralign.loss.Numerics.sigmoid;

/**
 * DiscoPOP, the log-ratio modulated loss: with {@code x = βh} and the gate {@code g = σ(x/τ)},
 * {@code L = −(1−g) log σ(x) + g e^−x}, {@code L′ = β [−(1−g) σ(−x) − g e^−x + g (1−g) (e^−x + log
 * σ(x)) / τ]}.
 *
 * <p>Lu et al., "Discovering Preference Optimization Algorithms with and for Large Language Models"
 * (arXiv 2406.08414), equation 5: the logistic loss for pairs that are ranked wrongly, the
 * exponential loss for the others. It is not convex: at the paper's temperature it increases from
 * {@code x = −0.119} to {@code 0.072}. The gate closes faster than the exponential grows only for τ
 * ≤ 1, so τ is limited to 1; {@code g e^−x} is computed as one exponential and never overflows.
 *
 * @param beta scale of the margin, &gt; 0
 * @param temperature τ, in (0, 1]; the paper's is 0.05
 */
public record DiscopopLoss(double beta, double temperature) implements MarginLoss {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public DiscopopLoss {
    Ranges.positive("beta", beta);
    Ranges.upTo("temperature", temperature, 1);
  }

  /** The same loss with another temperature of the gate. */
  public DiscopopLoss temperature(double tau) {
    return new DiscopopLoss(beta, tau);
  }

  @Override
  public String name() {
    return "discopop";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public double value(double h) {
    double x = beta * h;
    return -sigmoid(-x / temperature) * logSigmoid(x) + gatedExponential(x);
  }

  @Override
  public double slope(double h) {
    double x = beta * h;
    double open = sigmoid(x / temperature);
    double shut = sigmoid(-x / temperature);
    double e = gatedExponential(x);
    return beta * (-shut * sigmoid(-x) - e + shut * (e + open * logSigmoid(x)) / temperature);
  }

  /** {@code g e^−x}. */
  private double gatedExponential(double x) {
    return Math.exp(logSigmoid(x / temperature) - x);
  }
}
