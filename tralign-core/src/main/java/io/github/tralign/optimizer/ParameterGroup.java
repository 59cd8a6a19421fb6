package io.github.tralign.optimizer;

import static java.util.Objects.requireNonNull;

import java.util.OptionalDouble;

/**
 * Parameters that the optimizer treats in a way of their own: slower or faster than the rest, with
 * a weight decay of their own, or not at all.
 *
 * <pre>{@code
 * ParameterGroup.of("*.bias").learningRateFactor(0.1).weightDecay(0)
 * ParameterGroup.frozen("gpt_neox.embed_in.*")
 * }</pre>
 *
 * @param pattern names of the parameters
 * @param learningRateFactor what each step's learning rate is multiplied by for them, ≥ 0. With 0
 *     they stay where they are too, but unlike frozen ones count in the norm of the gradient and
 *     keep moments
 * @param weightDecay in place of {@link AdamW#weightDecay()} and whatever {@link Decayed} says, ≥
 *     0; empty for these
 * @param frozen whether they keep every bit. They then have no moments and do not count in the norm
 *     of the gradient
 */
public record ParameterGroup(
    NamePattern pattern, double learningRateFactor, OptionalDouble weightDecay, boolean frozen) {

  /** Of the parameters that no pattern matches. */
  static final ParameterGroup REST = of("*");

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is outside its range, or given to frozen
   *     parameters
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
   * The parameters of a pattern, treated as the rest until a setting is added.
   *
   * @throws IllegalArgumentException if the pattern cannot be read, see {@link NamePattern}
   */
  public static ParameterGroup of(String pattern) {
    requireNonNull(pattern, "pattern");
    return new ParameterGroup(NamePattern.of(pattern), 1, OptionalDouble.empty(), false);
  }

  /**
   * The parameters of a pattern, kept as they are.
   *
   * @throws IllegalArgumentException if the pattern cannot be read, see {@link NamePattern}
   */
  public static ParameterGroup frozen(String pattern) {
    requireNonNull(pattern, "pattern");
    return new ParameterGroup(NamePattern.of(pattern), 1, OptionalDouble.empty(), true);
  }

  /** The same group with another factor of the learning rate. */
  public ParameterGroup learningRateFactor(double factor) {
    return new ParameterGroup(pattern, factor, weightDecay, frozen);
  }

  /** The same group with a weight decay of its own. */
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
