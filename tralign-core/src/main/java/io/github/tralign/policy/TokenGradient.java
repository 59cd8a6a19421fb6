package io.github.tralign.policy;

import static java.util.Objects.requireNonNull;

/**
 * The derivatives of an objective with respect to what a policy tells of each completion token, in
 * the order of {@link TokenLogProbs#values()}.
 *
 * @param logProbs {@code ∂L/∂log π_t}
 * @param divergence {@code ∂L/∂KL_t} for {@link TokenStatistic#DIVERGENCE}; of length 0 if the
 *     objective does not depend on it
 */
public record TokenGradient(double[] logProbs, double[] divergence) {

  /** Nothing may be null. */
  public TokenGradient {
    requireNonNull(logProbs, "logProbs");
    requireNonNull(divergence, "divergence");
  }

  /** Of an objective that depends on the log-probabilities alone. */
  public static TokenGradient of(double[] logProbs) {
    requireNonNull(logProbs, "logProbs");
    return new TokenGradient(logProbs, new double[0]);
  }
}
