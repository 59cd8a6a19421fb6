package io.github.tralign.data.row;

import static java.util.Objects.requireNonNull;

import java.util.OptionalDouble;

/**
 * The judgement of an example's completions, and the example's weight. Each loss documents which of
 * these it uses; all losses support the weight, unless they reject it.
 *
 * @param label label of a single completion; {@link Label#NONE} for pairs and demonstrations
 * @param weight factor of the example's term in the loss, ≥ 0; 1 by default. The batch loss is
 *     divided by the number of examples, not by the sum of weights, so an example of weight 0.5 has
 *     half the gradient
 * @param margin of a pair: the given reward of the chosen minus that of the rejected completion
 * @param winProbability of a pair: the probability that the chosen completion is the better one, in
 *     [0, 1]
 */
public record Judgement(
    Label label, double weight, OptionalDouble margin, OptionalDouble winProbability) {

  /** The label of a single completion. */
  public enum Label {
    /** Not labelled. */
    NONE,
    /** Desirable: to be made more likely. */
    DESIRABLE,
    /** Undesirable: to be made less likely. */
    UNDESIRABLE
  }

  /** Weight 1, and nothing beyond the order of the completions. */
  public static final Judgement NONE =
      new Judgement(Label.NONE, 1, OptionalDouble.empty(), OptionalDouble.empty());

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is outside its range; the message names it
   */
  public Judgement {
    requireNonNull(label, "label");
    require(weight >= 0 && weight < Double.POSITIVE_INFINITY, "weight", weight, "a number >= 0");
    margin.ifPresent(it -> require(Double.isFinite(it), "margin", it, "a finite number"));
    winProbability.ifPresent(it -> require(it >= 0 && it <= 1, "win probability", it, "in [0, 1]"));
  }

  /** The judgement of a completion labelled desirable or undesirable. */
  public static Judgement labelled(boolean desirable) {
    return NONE.label(desirable ? Label.DESIRABLE : Label.UNDESIRABLE);
  }

  /** The same with a label. */
  public Judgement label(Label is) {
    requireNonNull(is, "is");
    return new Judgement(is, weight, margin, winProbability);
  }

  /** The same with a weight. */
  public Judgement weight(double is) {
    return new Judgement(label, is, margin, winProbability);
  }

  /** The same with a margin. */
  public Judgement margin(double is) {
    return new Judgement(label, weight, OptionalDouble.of(is), winProbability);
  }

  /** The same with a win probability. */
  public Judgement winProbability(double is) {
    return new Judgement(label, weight, margin, OptionalDouble.of(is));
  }

  /** Whether there is a label. */
  public boolean isLabelled() {
    return label != Label.NONE;
  }

  /** Whether a single completion is labelled desirable. */
  public boolean isDesirable() {
    return label == Label.DESIRABLE;
  }

  /** Whether there is a margin or a win probability. */
  public boolean isOfPair() {
    return margin.isPresent() || winProbability.isPresent();
  }

  private static void require(boolean holds, String name, double value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "the " + name + " is " + value + "; it must be " + expected);
    }
  }
}
