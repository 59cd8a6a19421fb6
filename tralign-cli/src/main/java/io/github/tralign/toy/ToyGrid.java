package io.github.tralign.toy;

import io.github.tralign.figure.NumberTable;
import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Results of the toy problem in several settings, with one row for each. */
public final class ToyGrid {

  private final NumberTable csv =
      new NumberTable(
          List.of(
              "loss",
              "depth",
              "shared_prefix",
              "sft",
              "beta",
              "learning_rate",
              "steps",
              "seeds",
              "method",
              "out_of_data_start",
              "out_of_data_most",
              "out_of_data_mean",
              "out_of_data_std",
              "out_of_data_median",
              "before_fork",
              "at_fork",
              "behind_fork",
              "chosen_start",
              "chosen_least",
              "chosen_least_step",
              "chosen_end",
              "rejected_end",
              "pull_left"));
  private final StringBuilder table = new StringBuilder();

  /** An empty grid. */
  public ToyGrid() {
    table.append(
        """
        | loss | depth | shared | SFT | beta | learning rate | start | vanilla | soft | hard | pull left |
        | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
        """);
  }

  /** Adds the result of a setting. */
  public void add(ToyReport report) {
    ToyResult result = report.result();
    List<Summary> methods = new ArrayList<>();
    for (int method = 0; method < result.methods().size(); method++) {
      methods.add(Summary.of(result, method));
    }
    methods.forEach(method -> csv.row(row(result, method)));
    table.append(line(result.settings(), methods));
  }

  private static List<Object> row(ToyResult result, Summary it) {
    ToySettings settings = result.settings();
    return List.of(
        settings.loss(),
        settings.depth(),
        settings.sharedPrefix(),
        settings.sft(),
        settings.beta(),
        settings.learningRate(),
        settings.steps(),
        settings.seeds(),
        it.method(),
        it.outOfData().mean()[0],
        it.outOfData().most(),
        it.outOfData().lastMean(),
        it.outOfData().lastStd(),
        it.outOfDataMedian(),
        it.beforeFork(),
        it.atFork(),
        it.behindFork(),
        it.chosen().mean()[0],
        it.chosen().least(),
        (int) result.steps()[it.chosen().leastAt()],
        it.chosen().lastMean(),
        it.rejected(),
        it.pullLeft());
  }

  private static String line(ToySettings settings, List<Summary> methods) {
    StringBuilder line =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "| %s | %d | %d | %s | %s | %s | %.3f |",
                settings.loss(),
                settings.depth(),
                settings.sharedPrefix(),
                settings.sft(),
                settings.beta(),
                settings.learningRate(),
                methods.get(0).outOfData().mean()[0]));
    for (Summary method : methods) {
      line.append(
          String.format(
              Locale.ROOT,
              " %.3f ± %.3f (%.3f) |",
              method.outOfData().lastMean(),
              method.outOfData().lastStd(),
              method.outOfDataMedian()));
    }
    return line.append(String.format(Locale.ROOT, " %.3f |%n", methods.get(0).pullLeft()))
        .toString();
  }

  /**
   * A Markdown table of the probability outside the data before the first step and, for each
   * method, after the last step: mean ± standard deviation over the seeds (median). "Pull left" is
   * the vanilla method's mean gradient weight at the last step divided by that at the first.
   */
  public String table() {
    return table.toString();
  }

  /**
   * Writes {@code grid.csv} and {@code grid.md}.
   *
   * @param folder an existing folder
   * @throws IOException if a file cannot be written
   */
  public void write(Path folder) throws IOException {
    AtomicFile.writeString(folder.resolve("grid.csv"), csv.toString());
    AtomicFile.writeString(folder.resolve("grid.md"), table());
  }
}
