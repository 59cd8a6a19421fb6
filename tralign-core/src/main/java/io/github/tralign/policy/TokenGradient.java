package io.github.tralign.policy;

import static java.util.Objects.requireNonNull;

/**
 * The derivatives of an objective with respect to the log-probability and the statistics of each
 * completion token, in the order of {@link TokenLogProbs#values()}.
 *
 * @param logProbs {@code ∂L/∂log π_t}
 * @param divergence {@code ∂L/∂KL_t} for {@link TokenStatistic#DIVERGENCE}; of length 0 if the
 *     objective does not depend on it
 */
public record TokenGradient(double[] logProbs, double[] divergence) {

  /** Checks for null. */
  public TokenGradient {
    requireNonNull(logProbs, "logProbs");
    requireNonNull(divergence, "divergence");
  }

  /** The gradient of an objective that depends on the log-probabilities only. */
  public static TokenGradient of(double[] logProbs) {
    requireNonNull(logProbs, "logProbs");
    return new TokenGradient(logProbs, new double[0]);
  }
}
