package io.github.tralign.optimizer;

import static java.util.Objects.requireNonNull;

import java.util.OptionalDouble;

/**
 * Parameters with individual optimizer settings: another learning rate or weight decay, or frozen.
 *
 * <pre>{@code
 * ParameterGroup.of("*.bias").learningRateFactor(0.1).weightDecay(0)
 * ParameterGroup.frozen("gpt_neox.embed_in.*")
 * }</pre>
 *
 * @param pattern names of the parameters
 * @param learningRateFactor factor of the learning rate, ≥ 0. With 0 the values do not change
 *     either, but unlike frozen parameters they count in the gradient norm and have optimizer state
 * @param weightDecay replaces {@link AdamW#weightDecay()} regardless of {@link WeightDecayScope}, ≥
 *     0; empty for no change
 * @param frozen whether they are not trained; frozen parameters have no optimizer state and do not
 *     count in the gradient norm
 */
public record ParameterGroup(
    NamePattern pattern, double learningRateFactor, OptionalDouble weightDecay, boolean frozen) {

  /** The group of parameters that no pattern matches. */
  static final ParameterGroup REST = of("*");

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is outside its range, or set for frozen parameters
   */
  public ParameterGroup {
    requireNonNull(pattern, "pattern");
    require(learningRateFactor, "lr-factor");
    weightDecay.ifPresent(it -> require(it, "weight-decay"));
    if (frozen && (learningRateFactor != 1 || weightDecay.isPresent())) {
      throw new IllegalArgumentException(
          "frozen parameters have neither a learning rate nor a weight decay: " + pattern);
    }
  }

  /**
   * The parameters that match a pattern, with no individual settings yet.
   *
   * @throws IllegalArgumentException if the pattern is invalid, see {@link NamePattern}
   */
  public static ParameterGroup of(String pattern) {
    requireNonNull(pattern, "pattern");
    return new ParameterGroup(NamePattern.of(pattern), 1, OptionalDouble.empty(), false);
  }

  /**
   * The parameters that match a pattern, frozen.
   *
   * @throws IllegalArgumentException if the pattern is invalid, see {@link NamePattern}
   */
  public static ParameterGroup frozen(String pattern) {
    requireNonNull(pattern, "pattern");
    return new ParameterGroup(NamePattern.of(pattern), 1, OptionalDouble.empty(), true);
  }

  /** The same group with another factor of the learning rate. */
  public ParameterGroup learningRateFactor(double factor) {
    return new ParameterGroup(pattern, factor, weightDecay, frozen);
  }

  /** The same group with its own weight decay. */
  public ParameterGroup weightDecay(double decay) {
    return new ParameterGroup(pattern, learningRateFactor, OptionalDouble.of(decay), frozen);
  }

  private static void require(double value, String name) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be a number >= 0, not " + value);
    }
  }

  @Override
  public String toString() {
    return pattern
        + (frozen ? ":frozen" : "")
        + (learningRateFactor == 1 ? "" : ":lr-factor=" + learningRateFactor)
        + (weightDecay.isEmpty() ? "" : ":weight-decay=" + weightDecay.getAsDouble());
  }
}
