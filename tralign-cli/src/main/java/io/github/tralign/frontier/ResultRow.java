package io.github.tralign.frontier;

import com.google.common.base.Splitter;
import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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
    String regime,
    String loss,
    String rule,
    double beta,
    long seed,
    long step,
    double lag,
    double kl,
    double gold,
    double permitted,
    double win) {

  /** {@code β · lag}. */
  double pull() {
    return beta * lag;
  }

  boolean isVanilla() {
    return rule.equals(ReferenceRule.FIXED.toString());
  }

  /** Of a run's last row: whether the run is left out of comparisons at equal KL. */
  boolean isExtra() {
    Optional<FrontierLoss> named =
        Arrays.stream(FrontierLoss.values()).filter(it -> it.toString().equals(loss)).findFirst();
    return named.isPresent()
        && ReferenceRule.named(rule)
            .filter(it -> FrontierGrid.isExtra(named.get(), it, beta, (int) step))
            .isPresent();
  }

  /** All rows of runs that are complete. */
  static List<ResultRow> read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      List<ResultRow> rows = new ArrayList<>();
      for (int i = 1; i < lines.size(); i++) {
        rows.add(of(Splitter.on(',').splitToList(lines.get(i)), file + ":" + (i + 1)));
      }
      return rows;
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  private static ResultRow of(List<String> cells, String place) {
    if (cells.size() != FrontierRun.COLUMNS.size()) {
      throw new InvalidInputException(
          place + ": has " + cells.size() + " cells, not " + FrontierRun.COLUMNS.size());
    }
    try {
      return new ResultRow(
          cell(cells, "regime"),
          cell(cells, "loss"),
          cell(cells, "rule"),
          number(cells, "beta"),
          Long.parseLong(cell(cells, "seed")),
          Long.parseLong(cell(cells, "step")),
          number(cells, "lag"),
          number(cells, "kl"),
          number(cells, "gold"),
          number(cells, "permitted"),
          number(cells, "win"));
    } catch (NumberFormatException e) {
      throw new InvalidInputException(place + ": not a number: " + e.getMessage(), e);
    }
  }

  private static double number(List<String> cells, String column) {
    return Double.parseDouble(cell(cells, column));
  }

  private static String cell(List<String> cells, String column) {
    return cells.get(FrontierRun.COLUMNS.indexOf(column));
  }
}
