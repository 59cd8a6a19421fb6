package io.github.tralign.optimizer;

import io.github.tralign.InvalidSettingException;

/**
 * The settings of AdamW (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", algorithm
 * 2), with bias correction.
 *
 * @param beta1 decay rate of the first moment, in [0, 1); default 0.9
 * @param beta2 decay rate of the second moment, in [0, 1); default 0.999
 * @param epsilon added to the square root of the second moment, &gt; 0; default 1e-8
 * @param weightDecay decoupled weight decay λ, ≥ 0; each step multiplies weights by {@code 1 −
 *     learning rate · λ}; default 0
 */
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay) {

  /**
   * Checks the ranges.
   *
   * @throws InvalidSettingException if a setting is outside its range
   */
  public AdamW {
    require(beta1 >= 0 && beta1 < 1, "beta1", "beta1", "[0, 1)", beta1);
    require(beta2 >= 0 && beta2 < 1, "beta2", "beta2", "[0, 1)", beta2);
    require(
        epsilon > 0 && epsilon < Double.POSITIVE_INFINITY, "epsilon", "epsilon", "(0, ∞)", epsilon);
    require(
        weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY,
        "weightDecay",
        "weight decay",
        "[0, ∞)",
        weightDecay);
  }

  /** The defaults: 0.9, 0.999, 1e-8 and no weight decay. */
  public static AdamW ofDefaults() {
    return new AdamW(0.9, 0.999, 1e-8, 0);
  }

  /** The same with another decay rate of the first moment, in [0, 1). */
  public AdamW beta1(double decay) {
    return new AdamW(decay, beta2, epsilon, weightDecay);
  }

  /** The same with another decay rate of the second moment, in [0, 1). */
  public AdamW beta2(double decay) {
    return new AdamW(beta1, decay, epsilon, weightDecay);
  }

  /** The same with another epsilon, &gt; 0. */
  public AdamW epsilon(double added) {
    return new AdamW(beta1, beta2, added, weightDecay);
  }

  /** The same with another weight decay, ≥ 0. */
  public AdamW weightDecay(double share) {
    return new AdamW(beta1, beta2, epsilon, share);
  }

  private static void require(
      boolean holds, String setting, String name, String range, double value) {
    InvalidSettingException.require(
        holds, setting, name + " must lie in " + range + ", not be " + value);
  }
}
