package io.github.tralign.loss;

/**
 * A divergence {@code D_f(π ‖ π_ref)} that the policy's distance from the reference is measured by:
 * with it, the implicit reward of a completion is {@code β s(x)} with {@code s = f′(e^x) − f′(1)}
 * in place of {@code βx}, where x is the completion's log-ratio.
 *
 * <p>Wang et al., "Beyond Reverse KL" (arXiv 2309.16240), table 1. The constants are chosen so that
 * {@code s(0) = 0} and {@code s′(0) = 1} or, for {@link #jensenShannon}, ½; TRL 1.16 has the same
 * ones.
 */
public interface FDivergence {

  /** The link {@code s(x)}; grows with x, {@code s(0) = 0}. */
  double link(double logRatio);

  /** {@code s′(x)}. */
  double slope(double logRatio);

  /** {@code KL(π ‖ π_ref)}, that of DPO: {@code s(x) = x}. */
  static FDivergence reverseKl() {
    return new AlphaDivergence(1);
  }

  /** {@code KL(π_ref ‖ π)}: {@code s(x) = 1 − e^−x}, the α-divergence of α = 0. */
  static FDivergence forwardKl() {
    return new AlphaDivergence(0);
  }

  /** Jensen and Shannon's: {@code s(x) = log 2 + log σ(x)}, {@code s′(x) = σ(−x)}. */
  static FDivergence jensenShannon() {
    return new JensenShannonDivergence();
  }

  /**
   * {@code s(x) = (e^((α−1)x) − 1)/(α − 1)}, {@code s′(x) = e^((α−1)x)}: the reverse KL for α = 1,
   * the forward KL for α = 0. What the paper and TRL up to 0.28 call α is 1 − α here; TRL from 0.29
   * on and this library agree.
   *
   * <p>The exponent is capped at 80: beyond, s is constant and s′ is 0. The most that comes out,
   * 6e34, still fits into single precision.
   *
   * @param alpha any finite number; 0.5 in TRL
   * @throws IllegalArgumentException if {@code alpha} is not finite
   */
  static FDivergence alpha(double alpha) {
    return new AlphaDivergence(alpha);
  }
}
