package io.github.tralign.sweep;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.tralign.TR;
import io.github.tralign.figure.CsvFile;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What all runs of a seed share: the parts of the data, the start, and the judge, a policy that is
 * trained from the same start by DPO on pairs of its own. The judge is kept in a folder, so that a
 * sweep that is resumed need not train it again.
 */
final class SeedModels implements AutoCloseable {

  /** The columns of the file with the measurements of start and judge. */
  static final List<String> COLUMNS = columns();

  private final SweepData.Parts parts;
  private final SweepMeasurement measurement;
  private final LanguageModel start;
  private final LanguageModel judge;

  private SeedModels(
      SweepData.Parts parts,
      SweepMeasurement measurement,
      LanguageModel start,
      LanguageModel judge) {
    this.parts = parts;
    this.measurement = measurement;
    this.start = start;
    this.judge = judge;
  }

  private static List<String> columns() {
    List<String> columns = new ArrayList<>(List.of("seed", "policy"));
    columns.addAll(SweepMeasurement.COLUMNS);
    return List.copyOf(columns);
  }

  /**
   * Loads the models, and trains and measures the judge unless the folder has it.
   *
   * @throws IOException if a file cannot be written
   */
  static SeedModels of(
      long seed, SweepData data, SweepSettings settings, SweepModels models, SweepFolder folder)
      throws IOException {
    SweepData.Parts parts = data.parts(seed);
    CsvFile file = new CsvFile(folder.seeds(), COLUMNS);
    boolean known =
        Files.isDirectory(folder.judge(seed))
            && file.read().stream().anyMatch(it -> it.whole("seed", Long.MIN_VALUE) == seed);
    if (!known) {
      train(parts, seed, settings, models, folder);
    }
    LanguageModel start = models.start();
    LanguageModel judge = models.saved(folder.judge(seed));
    SweepMeasurement measurement =
        new SweepMeasurement(settings, models, parts.heldOut(), seed, start, judge);
    if (!known) {
      List<String> lines = new ArrayList<>();
      file.read().stream()
          .filter(it -> it.whole("seed", Long.MIN_VALUE) != seed)
          .forEach(it -> lines.add(it.text()));
      lines.add(line(seed, SweepFolder.START, measurement.ofStart()));
      SweepMeasurement.Result judged = measurement.of(judge);
      folder.writeAnswers(
          SweepRun.fileName(seed, SweepFolder.JUDGE, settings.judgeBeta()),
          SweepFolder.JUDGE,
          judged.answers());
      lines.add(line(seed, SweepFolder.JUDGE, judged));
      file.rewrite(lines);
    }
    folder.writeAnswers(
        seed + "-" + SweepFolder.START + ".jsonl",
        SweepFolder.START,
        measurement.ofStart().answers());
    return new SeedModels(parts, measurement, start, judge);
  }

  private static String line(long seed, String policy, SweepMeasurement.Result result) {
    List<Object> cells = new ArrayList<>(List.of(seed, policy));
    cells.addAll(result.values());
    return CsvFile.line(cells);
  }

  private static void train(
      SweepData.Parts parts,
      long seed,
      SweepSettings settings,
      SweepModels models,
      SweepFolder folder)
      throws IOException {
    Path kept = folder.judge(seed);
    if (Files.exists(kept)) { // of a sweep that was stopped
      MoreFiles.deleteRecursively(kept, RecursiveDeleteOption.ALLOW_INSECURE);
    }
    try (Policy policy = models.policy()) {
      settings
          .training()
          .get()
          .policy(policy)
          .data(parts.judge())
          .loss(TR.dpo(settings.judgeBeta()))
          .reference(TR.fixed())
          .seed(seed)
          .probeEvery(0)
          .build()
          .train();
      models.save(policy, kept);
    }
  }

  /** Trains and measures a run from the start. */
  SweepTraining.Result run(SweepRun run, SweepSettings settings, SweepModels models, long steps) {
    try (Policy policy = models.policy()) {
      return SweepTraining.of(run, policy, parts.training(), measurement, settings, steps);
    }
  }

  @Override
  public void close() {
    start.close();
    judge.close();
  }
}
