package io.github.tralign.cli;

import io.github.tralign.InvalidInputException;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceReader;
import io.github.tralign.data.TokenizationSettings;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.text.CheckpointTokenizer;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.report.PhaseSeconds;
import io.github.tralign.report.RunReport;
import io.github.tralign.report.RunSummary;
import io.github.tralign.train.MetricsFile;
import io.github.tralign.train.TensorBoardEvents;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainerBuilder;
import io.github.tralign.train.TrainingResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** A training from its options to its folder: what {@code train} and {@code sft} share. */
final class TrainingRun {

  private final Console console;
  private final TrainingOptions options;
  private final TrainerBuilder builder;
  private final ReferencePolicy reference;
  private final boolean quiet;

  /**
   * A run.
   *
   * @param builder of {@link TrainingOptions#trainer}, with loss and reference
   * @param reference the rule, for what is shown
   */
  TrainingRun(
      Console console, TrainingOptions options, TrainerBuilder builder, ReferencePolicy reference) {
    this.console = console;
    this.options = options;
    this.builder = builder;
    this.reference = reference;
    this.quiet = options.common().quiet();
  }

  /**
   * Reads, trains and saves.
   *
   * @param rows from what is read to what is trained on
   * @param why the rows are others than those that are read, in words
   */
  void run(UnaryOperator<PreferenceData> rows, String why) {
    RunFolder folder = options.run().folder();
    ModelOptions model = options.model();
    model.check();
    options.data().seed(options.optimizer().seed()).files();
    PhaseSeconds seconds = new PhaseSeconds();
    try (Progress progress = Progress.on(console.err(), quiet);
        CheckpointTokenizer tokenizer = model.loadTokenizer()) {
      PreferenceReader reader = options.data().reader(tokenizer, model.folder());
      progress.begin("loading " + model.folder(), 0);
      try (DjlPolicy policy = model.loadPolicy()) {
        progress.end();
        PreferenceData data = rows.apply(options.data().read(reader, policy.maxLength(), progress));
        builder.policy(policy).data(data);
        options.data().cache(progress).ifPresent(builder::cache);
        train(policy, data, reader.tokenization(), why, folder, seconds, progress);
      }
    }
  }

  private void train(
      DjlPolicy policy,
      PreferenceData data,
      TokenizationSettings tokenization,
      String why,
      RunFolder folder,
      PhaseSeconds seconds,
      Progress progress) {
    String unit = data.examples().stream().allMatch(Example::isPair) ? "pairs" : "completions";
    TrainingProgress shown = new TrainingProgress(progress, unit);
    RunReport report = new RunReport(folder.path(), data);
    try (MetricsFile metrics = new MetricsFile(folder.metrics());
        TensorBoardEvents events = new TensorBoardEvents(folder.tensorBoard())) {
      if (options.run().tensorBoard()) {
        builder.listener(events);
      }
      Trainer trainer = build(builder.listener(metrics).listener(shown));
      Settings settings = Settings.of(options.spec());
      show(data, why, settings, trainer.warnings());
      folder.create();
      folder.writeConfig(settings, Provenance.of(settings, policy, tokenization, data));
      seconds.end("load");

      TrainingResult result = trainWith(trainer, report);
      seconds.set("reference_scoring", result.referenceSeconds());
      seconds.set("training", result.trainingSeconds());
      seconds.set("evaluation", 0);

      progress.begin("saving " + folder.model(), 0);
      seconds.start();
      policy.save(folder.model());
      seconds.end("save");
      progress.end();
      RunSummary.write(folder.path(), result, seconds);
      report.finished();
      if (!quiet) {
        new ResultTable(result, unit, console.out()).print(reference, seconds, folder);
      }
    }
  }

  /** A run that fails leaves a report of what there is. */
  private static TrainingResult trainWith(Trainer trainer, RunReport report) {
    try {
      return trainer.train();
    } catch (RuntimeException | OutOfMemoryError failure) {
      try {
        report.stopped(String.valueOf(failure.getMessage()));
      } catch (RuntimeException second) {
        failure.addSuppressed(second); // such as a disk that is full
      }
      throw failure;
    }
  }

  /** What does not fit together is told here: rows and model, loss and reference. */
  private static Trainer build(TrainerBuilder builder) {
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
  }

  private void show(PreferenceData data, String why, Settings settings, List<String> warnings) {
    if (quiet) {
      return;
    }
    List<String> lines = new ArrayList<>(data.report().summary());
    if (data.size() != data.report().used()) {
      lines.add(String.format(Locale.ROOT, "%s, into %,d rows in all", why, data.size()));
    }
    section("Data", lines);
    section("Settings", settings.lines());
    warnings.forEach(warning -> console.err().println("warning: " + warning));
  }

  private void section(String title, List<String> lines) {
    console.out().println(title);
    lines.forEach(line -> console.out().println("  " + line));
  }
}
