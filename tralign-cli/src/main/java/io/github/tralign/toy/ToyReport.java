package io.github.tralign.toy;

import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** The tables and figures of one setting. */
public final class ToyReport {

  private final ToyResult result;

  ToyReport(ToyResult result) {
    this.result = result;
  }

  ToyResult result() {
    return result;
  }

  /** A table of the main results. */
  public String table() {
    ToySettings settings = result.settings();
    StringBuilder text =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                """
                %d runs of each method, from the same starts: %s, beta %s, learning rate %s, %d steps;
                tree of depth %d, shared prefix %d, fine-tuned on %s

                                 outside the data                        chosen                          rejected
                method            start    most   end: mean ± std, median  start    least (step)     end       end
                """,
                settings.seeds(),
                settings.loss(),
                settings.beta(),
                settings.learningRate(),
                settings.steps(),
                settings.depth(),
                settings.sharedPrefix(),
                settings.sft()));
    for (int method = 0; method < result.methods().size(); method++) {
      text.append(row(Summary.of(result, method)));
    }
    return text.toString();
  }

  private String row(Summary it) {
    return String.format(
        Locale.ROOT,
        "%-16s %6.3f  %6.3f       %6.3f ± %5.3f, %5.3f  %6.3f  %6.3f %-6s  %6.3f    %6.3f%n",
        it.method(),
        it.outOfData().mean()[0],
        it.outOfData().most(),
        it.outOfData().lastMean(),
        it.outOfData().lastStd(),
        it.outOfDataMedian(),
        it.chosen().mean()[0],
        it.chosen().least(),
        String.format(Locale.ROOT, "(%.0f)", result.steps()[it.chosen().leastAt()]),
        it.chosen().lastMean(),
        it.rejected());
  }

  /**
   * Writes {@code table.txt}, {@code courses.csv} (mean and standard deviation of each measure at
   * each step), {@code runs.csv} (each run after its last step), and the figures {@code
   * probabilities} and {@code curvature} as SVG and PNG.
   *
   * @param folder an existing folder
   * @throws IOException if a file cannot be written
   */
  public void write(Path folder) throws IOException {
    AtomicFile.writeString(folder.resolve("table.txt"), table());
    AtomicFile.writeString(folder.resolve("courses.csv"), ToyTables.courses(result).toString());
    AtomicFile.writeString(folder.resolve("runs.csv"), ToyTables.runs(result).toString());
    Figures figures = new Figures(result);
    figures.probabilities().write(folder, "probabilities");
    figures.curvature().write(folder, "curvature");
  }
}
