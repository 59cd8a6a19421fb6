package io.github.tralign.sweep;

import io.github.tralign.InvalidInputException;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.train.TrainingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs a sweep, one run after the other. All runs of a seed share their data and its order, the
 * start, the prompts and the random numbers of answers, so they can be compared in pairs.
 */
public final class Sweep {

  /** Receives what is done. */
  public interface Listener {
    /** Called once, with the number of runs to do. */
    void begins(int runs);

    /**
     * Called before each run and each judge.
     *
     * @param done runs that are done
     * @param next what is done next
     */
    void next(int done, String next);

    /** Called when all runs of a seed are done, if there is any that did not diverge. */
    void seedDone();
  }

  private Sweep() {}

  /**
   * Runs what a folder does not have yet, and adds it to the folder, run by run. Models are loaded
   * only if there is something to run.
   *
   * @throws IOException if a file cannot be written
   * @throws InvalidInputException if a file of the folder is invalid
   * @throws InvalidSettingException if a run has fewer steps than measurements
   * @throws TrainingException if runs diverged; all others are done first
   */
  public static void run(
      SweepGrid grid,
      SweepData data,
      SweepSettings settings,
      SweepModels models,
      SweepFolder folder,
      Listener listener)
      throws IOException {
    InvalidSettingException.require(
        settings.measurements() <= grid.steps(),
        "measurements",
        "must be at most " + grid.steps() + ", the steps of a run, not " + settings.measurements());
    SweepFile results = SweepFile.at(folder.runs(), settings.measurements());
    List<SweepRun> left = grid.runs().stream().filter(run -> !results.has(run)).toList();
    List<String> diverged = new ArrayList<>();
    int done = 0;
    listener.begins(left.size());
    for (long seed : grid.seeds()) {
      List<SweepRun> ofSeed = left.stream().filter(run -> run.seed() == seed).toList();
      if (ofSeed.isEmpty()) {
        continue;
      }
      listener.next(done, "judge of seed " + seed);
      try (SeedModels shared = SeedModels.of(seed, data, settings, models, folder)) {
        for (SweepRun run : ofSeed) {
          listener.next(done, run.title());
          try {
            SweepTraining.Result result = shared.run(run, settings, models, grid.steps());
            folder.writeAnswers(run.fileName(), run.title(), result.answers());
            results.add(run, result.rows());
          } catch (TrainingException e) {
            diverged.add(String.valueOf(e.getMessage()));
          }
          done++;
        }
      }
      if (done > diverged.size()) {
        listener.seedDone();
      }
    }
    if (!diverged.isEmpty()) {
      throw new TrainingException(
          String.format(
              Locale.ROOT,
              "%d of %d runs diverged and have no rows; the others are in %s. The first: %s",
              diverged.size(),
              left.size(),
              folder.runs(),
              diverged.get(0)));
    }
  }
}
