package io.github.tralign.data.row;

import static java.util.Objects.requireNonNull;

import java.util.OptionalDouble;

/**
 * What is known of an example beside its tokens: how good its completions were found to be, and how
 * much it counts. Which loss reads what is told by the loss; the weight counts for all.
 *
 * @param label of a single completion; {@link Label#NONE} for pairs and demonstrations
 * @param weight factor of the example's share in the loss, ≥ 0; 1 by default. The share stays one
 *     of the number of examples, so that rows of weight 0.5 pull half as hard
 * @param margin of a pair: the reward of the chosen minus that of the rejected completion, as some
 *     judge gave it
 * @param winProbability of a pair: the probability that the chosen completion is the better one, in
 *     [0, 1]
 */
public record Judgement(
    Label label, double weight, OptionalDouble margin, OptionalDouble winProbability) {

  /** Whether a single completion was found good. */
  public enum Label {
    /** Nothing was said of it. */
    NONE,
    /** More like this. */
    DESIRABLE,
    /** Less like this. */
    UNDESIRABLE
  }

  /** Nothing beyond the order of the completions. */
  public static final Judgement NONE =
      new Judgement(Label.NONE, 1, OptionalDouble.empty(), OptionalDouble.empty());

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming the value that is outside its range
   */
  public Judgement {
    requireNonNull(label, "label");
    require(weight >= 0 && weight < Double.POSITIVE_INFINITY, "weight", weight, "a number >= 0");
    margin.ifPresent(it -> require(Double.isFinite(it), "margin", it, "a finite number"));
    winProbability.ifPresent(it -> require(it >= 0 && it <= 1, "win probability", it, "in [0, 1]"));
  }

  /** The label of a completion that was found good or bad. */
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

  /** Whether something is said of a single completion. */
  public boolean isLabelled() {
    return label != Label.NONE;
  }

  /** Whether a single completion was found good. */
  public boolean isDesirable() {
    return label == Label.DESIRABLE;
  }

  /** Whether something is said that compares the two completions of a pair. */
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
