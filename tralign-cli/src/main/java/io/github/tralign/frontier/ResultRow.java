package io.github.tralign.frontier;

import com.google.common.primitives.Ints;
import io.github.tralign.InvalidInputException;
import io.github.tralign.figure.CsvCells;

/**
 * A checkpoint of a run, as the CSV has it.
 *
 * @param lag mean number of steps by which the reference was older than the policy
 * @param kl mean of {@code KL(π ‖ start)} of whole completions, in nats
 * @param gold gain over the start
 * @param permitted share of permitted transitions
 * @param win share of wins against the start
 */
record ResultRow(
    GridRun run, int step, double lag, double kl, double gold, double permitted, double win) {

  /** The name of the reference rule. */
  String rule() {
    return run.rule().toString();
  }

  double beta() {
    return run.beta();
  }

  long seed() {
    return run.seed();
  }

  /** {@code β · lag}. */
  double pull() {
    return beta() * lag;
  }

  /** {@code √KL}; a KL that is negative by rounding counts as 0. */
  double rootOfKl() {
    return Math.sqrt(Math.max(0, kl));
  }

  boolean isVanilla() {
    return run.rule().isFixed();
  }

  /** Whether the run is left out of comparisons at equal KL. */
  boolean isExtra() {
    return FrontierGrid.isExtra(run.loss(), run.rule(), beta(), run.size().steps());
  }

  /**
   * The row in the cells of a line.
   *
   * @throws InvalidInputException if any of them is invalid
   */
  static ResultRow of(CsvCells cells) {
    GridRun run =
        new GridRun(
            cells.choice("regime", Regime.values()),
            cells.choice("loss", FrontierLoss.values()),
            cells.choice("rule", ReferenceRule.values()),
            cells.number("beta"),
            cells.whole("seed", 1),
            size(cells));
    if (run.beta() <= 0) {
      throw cells.invalid("beta", "greater than 0");
    }
    long step = cells.whole("step", 1);
    if (step > run.size().steps()) {
      throw cells.invalid("step", "at most " + run.size().steps() + " with these pairs");
    }
    cells.whole("updates", 0);
    RunMeasurement.COLUMNS.forEach(cells::number);
    return new ResultRow(
        run,
        Ints.checkedCast(step),
        cells.number("lag"),
        cells.number("kl"),
        cells.number("gold"),
        cells.number("permitted"),
        cells.number("win"));
  }

  private static WorldSize size(CsvCells cells) {
    int[] sizes =
        WorldSize.COLUMNS.stream()
            .mapToInt(column -> Ints.saturatedCast(cells.whole(column, 1)))
            .toArray();
    try {
      return new WorldSize(sizes[0], sizes[1], sizes[2], sizes[3]);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(cells.place() + ": " + e.getMessage(), e);
    }
  }
}
