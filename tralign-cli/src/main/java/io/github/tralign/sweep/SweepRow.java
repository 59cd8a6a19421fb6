package io.github.tralign.sweep;

import io.github.tralign.InvalidInputException;
import io.github.tralign.figure.CsvCells;
import java.util.OptionalDouble;

/**
 * A measurement of a run, as the CSV has it.
 *
 * @param scaled whether β is one of the rule's own
 * @param lag mean number of steps by which the reference was older than the policy
 * @param kl an estimate of {@code KL(π ‖ start)}, in nats an answer
 * @param reward of the judge, minus that of the start's answers
 * @param win share of wins against the start by that reward
 * @param length tokens of an answer
 * @param ended share of answers that ended within the limit
 * @param words words of the list in an answer, if there is a list
 * @param accuracy share of held-out pairs that the policy ranks right
 */
record SweepRow(
    String rule,
    double beta,
    long seed,
    boolean scaled,
    long step,
    double lag,
    double kl,
    double klError,
    double reward,
    double win,
    double length,
    double ended,
    OptionalDouble words,
    double accuracy) {

  private static final Boolean[] TRUTHS = {true, false};

  /** {@code β · lag}. */
  double pull() {
    return beta * lag;
  }

  /** {@code √KL}; an estimate below 0 counts as 0. */
  double rootOfKl() {
    return Math.sqrt(Math.max(0, kl));
  }

  /**
   * The row in the cells of a line.
   *
   * @throws InvalidInputException if any of them is invalid
   */
  static SweepRow of(CsvCells cells) {
    SweepMeasurement.COLUMNS.stream().filter(it -> !it.startsWith("words")).forEach(cells::number);
    double beta = cells.number("beta");
    if (beta <= 0) {
      throw cells.invalid("beta", "greater than 0");
    }
    return new SweepRow(
        cells.cell("rule"),
        beta,
        cells.whole("seed", Long.MIN_VALUE),
        cells.choice("scaled", TRUTHS),
        cells.whole("step", 1),
        cells.number("lag"),
        cells.number("kl"),
        cells.number("kl_se"),
        cells.number("reward"),
        cells.number("win"),
        cells.number("length"),
        cells.number("ended"),
        cells.cell("words").isEmpty()
            ? OptionalDouble.empty()
            : OptionalDouble.of(cells.number("words")),
        cells.number("pair_accuracy"));
  }
}
