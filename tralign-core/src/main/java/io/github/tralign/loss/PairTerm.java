package io.github.tralign.loss;

/**
 * The loss of one preference pair and its derivatives.
 *
 * @param value the loss
 * @param chosen derivative with respect to {@code log π(y_w|x)}
 * @param rejected derivative with respect to {@code log π(y_l|x)}
 * @param chosenDivergence derivative with respect to the {@link ScoredCompletion#divergence} of the
 *     chosen completion
 * @param rejectedDivergence the same for the rejected one
 */
public record PairTerm(
    double value,
    double chosen,
    double rejected,
    double chosenDivergence,
    double rejectedDivergence) {

  /** A term that does not depend on divergences. */
  public PairTerm(double value, double chosen, double rejected) {
    this(value, chosen, rejected, 0, 0);
  }

  /** A term that depends on the margin {@code h = a − b} only, given its derivative in h. */
  public static PairTerm ofMargin(double value, double slope) {
    return new PairTerm(value, slope, -slope);
  }

  /** The same with its derivatives with respect to divergences. */
  public PairTerm withDivergence(double byChosen, double byRejected) {
    return new PairTerm(value, chosen, rejected, byChosen, byRejected);
  }

  /** A term that depends on the difference of means per token only, given its derivative in it. */
  public static PairTerm ofMeans(double value, double slope, ScoredPair pair) {
    return new PairTerm(value, slope / pair.chosen().tokens(), -slope / pair.rejected().tokens());
  }

  /** This term times a factor. */
  public PairTerm times(double factor) {
    return new PairTerm(
        factor * value,
        factor * chosen,
        factor * rejected,
        factor * chosenDivergence,
        factor * rejectedDivergence);
  }

  /** The sum of this term and another. */
  public PairTerm plus(PairTerm other) {
    return new PairTerm(
        value + other.value,
        chosen + other.chosen,
        rejected + other.rejected,
        chosenDivergence + other.chosenDivergence,
        rejectedDivergence + other.rejectedDivergence);
  }
}
