package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.square;

import io.github.tralign.data.Example;

/**
 * Self-play preference optimization: {@code L = ½ (a − (p − ½)/β)² + ½ (b + (p − ½)/β)²} with the
 * probability {@code p} that the chosen completion wins; {@code ∂L/∂a = a − (p − ½)/β}, {@code
 * ∂L/∂b = b + (p − ½)/β}.
 *
 * <p>Wu et al., "Self-Play Preference Optimization for Language Model Alignment" (arXiv
 * 2405.00675), equation 4.7 with {@code η = 1/β}; the factors ½ are from the authors' code. Each
 * row requires a {@link io.github.tralign.data.row.Judgement#winProbability win probability};
 * {@link SppoHardLoss} does not.
 *
 * @param beta regularization strength, &gt; 0: the target log-ratios are {@code ±(p − ½)/β}
 */
public record SppoLoss(double beta) implements PairwiseLoss {

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code beta} is not a number &gt; 0
   */
  public SppoLoss {
    Ranges.positive("beta", beta);
  }

  @Override
  public String name() {
    return "sppo";
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public void check(Example example) {
    PairwiseLoss.super.check(example);
    Ranges.requireWinProbability(this, example);
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    double target = (pair.judgement().winProbability().orElseThrow() - 0.5) / beta;
    double a = pair.a() - target;
    double b = pair.b() + target;
    return new PairTerm((square(a) + square(b)) / 2, a, b);
  }
}
