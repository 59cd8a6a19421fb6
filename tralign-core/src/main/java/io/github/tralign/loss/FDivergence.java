package io.github.tralign.loss;

/**
 * An f-divergence {@code D_f(π ‖ π_ref)} that regularizes the policy towards the reference: the
 * implicit reward of a completion with the log-ratio x is {@code β s(x)} with the link {@code s =
 * f′(e^x) − f′(1)}, instead of {@code βx}.
 *
 * <p>Wang et al., "Beyond Reverse KL" (arXiv 2309.16240), table 1. The constants are chosen so that
 * {@code s(0) = 0} and {@code s′(0) = 1} or, for {@link #jensenShannon}, ½, as in TRL 1.16.
 */
public interface FDivergence {

  /** The link {@code s(x)}; increasing, {@code s(0) = 0}. */
  double link(double logRatio);

  /** {@code s′(x)}. */
  double slope(double logRatio);

  /** {@code KL(π ‖ π_ref)}, as in DPO: {@code s(x) = x}. */
  static FDivergence reverseKl() {
    return new AlphaDivergence(1);
  }

  /** {@code KL(π_ref ‖ π)}: {@code s(x) = 1 − e^−x}, the α-divergence of α = 0. */
  static FDivergence forwardKl() {
    return new AlphaDivergence(0);
  }

  /** The Jensen–Shannon divergence: {@code s(x) = log 2 + log σ(x)}, {@code s′(x) = σ(−x)}. */
  static FDivergence jensenShannon() {
    return new JensenShannonDivergence();
  }

  /**
   * {@code s(x) = (e^((α−1)x) − 1)/(α − 1)}, {@code s′(x) = e^((α−1)x)}: the reverse KL for α = 1,
   * the forward KL for α = 0. α is defined as in TRL from 0.29 on; the α of the paper and of TRL up
   * to 0.28 is 1 − α here.
   *
   * <p>The exponent is capped at 80; beyond that s is constant and s′ is 0. The largest result,
   * 6e34, still fits into single precision.
   *
   * @param alpha any finite number; 0.5 in TRL
   * @throws IllegalArgumentException if {@code alpha} is not finite
   */
  static FDivergence alpha(double alpha) {
    return new AlphaDivergence(alpha);
  }
}
