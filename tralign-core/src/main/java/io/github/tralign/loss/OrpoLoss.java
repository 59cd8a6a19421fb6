package io.github.tralign.loss;

import static io.github.tralign.loss.Numerics.log1mexp;
import static io.github.tralign.loss.Numerics.logSigmoid;
import static io.github.tralign.loss.Numerics.sigmoid;

/**
 * Odds ratio preference optimization: {@code L = NLL − β log σ(o(l_w) − o(l_l))}, where {@code l}
 * is the log-probability per token, {@code o(l) = l − log(1 − e^l)} the log of its odds, and {@code
 * o′(l) = 1/(1 − e^l)}.
 *
 * <p>Hong et al., "ORPO" (arXiv 2403.07691), equations 4, 6 and 7; their λ is β here, as in TRL.
 * NLL is the token mean over the chosen completions ({@link SftLoss}); TRL includes the tokens of
 * the prompts.
 *
 * <p>The odds of a completion with probability 1 are infinite. Therefore log-probabilities per
 * token are capped at {@code −2^−24}, which single precision cannot distinguish from 0.
 *
 * @param beta weight of the odds ratio, &gt; 0; 0.1 in the paper
 */
public record OrpoLoss(double beta) implements PairwiseWithSft {

  private static final double CERTAIN = -0x1p-24;

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if {@code beta} is not a number &gt; 0
   */
  public OrpoLoss {
    Ranges.positive("beta", beta);
  }

  @Override
  public String name() {
    return "orpo";
  }

  @Override
  public double sftWeight() {
    return 1;
  }

  @Override
  public boolean usesReference() {
    return false;
  }

  @Override
  public double rewardScale() {
    return beta;
  }

  @Override
  public double reward(ScoredCompletion completion) {
    return beta * completion.meanLogp();
  }

  @Override
  public PairTerm at(ScoredPair pair) {
    double chosen = Math.min(pair.chosen().meanLogp(), CERTAIN);
    double rejected = Math.min(pair.rejected().meanLogp(), CERTAIN);
    double logOddsRatio = chosen - rejected - (log1mexp(chosen) - log1mexp(rejected));
    double slope = -beta * sigmoid(-logOddsRatio);
    return new PairTerm(
        -beta * logSigmoid(logOddsRatio),
        slope / -Math.expm1(chosen) / pair.chosen().tokens(),
        -slope / -Math.expm1(rejected) / pair.rejected().tokens());
  }
}
