package io.github.tralign.loss;

/**
 * The loss of one preference pair and its derivatives.
 *
 * @param value the loss
 * @param chosen derivative with respect to {@code log π(y_w|x)}
 * @param rejected derivative with respect to {@code log π(y_l|x)}
 */
public record PairTerm(double value, double chosen, double rejected) {

  /** A term that depends on the margin {@code h = a − b} alone, given its derivative in h. */
  public static PairTerm ofMargin(double value, double slope) {
    return new PairTerm(value, slope, -slope);
  }

  /** A term that depends on a difference of means per token alone, given its derivative in it. */
  public static PairTerm ofMeans(double value, double slope, ScoredPair pair) {
    return new PairTerm(value, slope / pair.chosen().tokens(), -slope / pair.rejected().tokens());
  }

  /** This term, a number of times. */
  public PairTerm times(double factor) {
    return new PairTerm(factor * value, factor * chosen, factor * rejected);
  }

  /** The sum of this term and another. */
  public PairTerm plus(PairTerm other) {
    return new PairTerm(value + other.value, chosen + other.chosen, rejected + other.rejected);
  }
}
