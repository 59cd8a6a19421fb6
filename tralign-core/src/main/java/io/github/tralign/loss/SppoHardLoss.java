package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.square;

/**
 * Self-play preference optimization with hard labels: {@code L = (a − 1/(2β))² + (b + 1/(2β))²},
 * {@code ∂L/∂a = 2 (a − 1/(2β))}, {@code ∂L/∂b = 2 (b + 1/(2β))}.
 *
 * <p>Wu et al., "Self-Play Preference Optimization for Language Model Alignment" (arXiv
 * 2405.00675), equation 4.7 with {@code η = 1/β} and the chosen completion winning with probability
 * 1. TRL's {@code sppo_hard}. The targets are log-ratios, so β is small: at 0.001 they are ±500. It
 * is twice {@link SppoLoss} at a win probability of 1.
 *
 * @param beta regularization strength, &gt; 0: the target log-ratios are {@code ±1/(2β)}
 */
public record SppoHardLoss(double beta) implements PairwiseLoss {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code beta} is not a number &gt; 0
   */
  public SppoHardLoss {
    Ranges.positive("beta", beta);
  }

  @Override
  public String name() {
    return "sppo-hard";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    double a = pair.a() - 1 / (2 * beta);
    double b = pair.b() + 1 / (2 * beta);
    return new PairTerm(square(a) + square(b), 2 * a, 2 * b);
  }
}
