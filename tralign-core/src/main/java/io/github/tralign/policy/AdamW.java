package io.github.tralign.policy;

import org.immutables.value.Value;

/**
 * The settings of AdamW (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", algorithm
 * 2), with bias correction.
 *
 * @param beta1 decay of the first moment, in [0, 1); default 0.9
 * @param beta2 decay of the second moment, in [0, 1); default 0.999
 * @param epsilon added to the root of the second moment, &gt; 0; default 1e-8
 * @param weightDecay share of a weight that is taken off at each step, times the learning rate; ≥
 *     0; default 0
 */
@Value.Builder
public record AdamW(
    @Value.Default.Double(0.9) double beta1,
    @Value.Default.Double(0.999) double beta2,
    @Value.Default.Double(1e-8) double epsilon,
    @Value.Default.Double(0) double weightDecay) {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public AdamW {
    require(beta1 >= 0 && beta1 < 1, "beta1", "[0, 1)", beta1);
    require(beta2 >= 0 && beta2 < 1, "beta2", "[0, 1)", beta2);
    require(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY, "epsilon", "(0, ∞)", epsilon);
    require(
        weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY,
        "weight decay",
        "[0, ∞)",
        weightDecay);
  }

  /** 0.9, 0.999, 1e-8 and no weight decay. */
  public static AdamW ofDefaults() {
    return new AdamW(0.9, 0.999, 1e-8, 0);
  }

  /** A builder that starts from {@link #ofDefaults()}. */
  public static AdamWBuilder builder() {
    return new AdamWBuilder();
  }

  private static void require(boolean holds, String name, String range, double value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must lie in " + range + ", not be " + value);
    }
  }
}
