package io.github.tralign.frontier;

import io.github.tralign.InvalidInputException;
import io.github.tralign.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What the rows of a file say, in tables and figures; from the file alone. */
public final class FrontierReport {

  private final List<FrontierOutcome> outcomes;

  private FrontierReport(List<FrontierOutcome> outcomes) {
    this.outcomes = outcomes;
  }

  /**
   * Reads a file that {@link Frontier#run} wrote.
   *
   * @throws InvalidInputException if it cannot be read, or has no run
   */
  public static FrontierReport of(Path file) {
    List<FrontierOutcome> outcomes = FrontierOutcome.read(file);
    if (outcomes.isEmpty()) {
      throw new InvalidInputException(file + ": has no run yet");
    }
    return new FrontierReport(outcomes);
  }

  /** The tables in Markdown. */
  public String tables() {
    return FrontierTables.markdown(outcomes);
  }

  /**
   * Writes {@code tables.md}, {@code equal-kl.csv} with each seed's gain at equal KL, and the
   * figures {@code gold-over-kl}, {@code equal-beta}, {@code kl-over-beta-lag} and {@code
   * permitted-over-kl} as SVG and PNG.
   *
   * @param folder an existing folder
   * @throws IOException if a file cannot be written
   */
  public void write(Path folder) throws IOException {
    AtomicFile.writeString(folder.resolve("tables.md"), tables());
    AtomicFile.writeString(
        folder.resolve("equal-kl.csv"), FrontierTables.equalDivergence(outcomes).toString());
    FrontierFigures figures = new FrontierFigures(outcomes);
    figures.goldOverDivergence().write(folder, "gold-over-kl");
    figures.equalBeta().write(folder, "equal-beta");
    figures.divergenceOverPull().write(folder, "kl-over-beta-lag");
    figures.permitted().write(folder, "permitted-over-kl");
  }
}
