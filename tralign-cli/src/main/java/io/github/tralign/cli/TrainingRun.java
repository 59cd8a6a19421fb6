package io.github.tralign.cli;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.checkpoint.Checkpoint;
import io.github.tralign.checkpoint.CheckpointStore;
import io.github.tralign.data.PreferenceReader;
import io.github.tralign.data.TokenizationSettings;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.Rounding;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.launch.Processes;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.report.PhaseSeconds;
import io.github.tralign.report.RunReport;
import io.github.tralign.text.Shell;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainerBuilder;
import io.github.tralign.train.TrainingListener;
import io.github.tralign.train.TrainingPlan;
import io.github.tralign.train.TrainingResult;
import io.github.tralign.train.log.MetricsFile;
import io.github.tralign.train.log.TensorBoardEvents;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A training from its options to its folder: what {@code train} and {@code sft} share. */
final class TrainingRun {

  private static final int STOPPED = 130; // as of a process that Ctrl-C ended

  private final Console err; // of other processes too
  private final Console console;
  private final TrainingOptions options;
  private final TrainerBuilder builder;
  private final ReferencePolicy reference;
  private final boolean quiet;
  private boolean resumed;

  /**
   * A run.
   *
   * @param builder of {@link TrainingOptions#trainer}, with loss and reference
   * @param reference the rule, for what is shown
   */
  TrainingRun(
      Console console, TrainingOptions options, TrainerBuilder builder, ReferencePolicy reference) {
    this.err = console;
    this.console = options.processes().of(console);
    this.options = options;
    this.builder = builder;
    this.reference = reference;
    this.quiet = options.common().quiet() || !options.processes().isFirst();
  }

  /**
   * Reads, trains and saves; or resumes a run that was cut off.
   *
   * @param rows from what is read to what is trained on
   * @param why rows are trained on that differ from those in the files
   * @return the exit code
   */
  int run(LearnedRows rows, String why) {
    boolean first = options.processes().isFirst();
    RunFolder folder = options.run().folder(options.checkpoints().resumes(), first);
    if (first && !options.checkpoints().resumes()) {
      ReadPaths.requireApart(options.spec(), RunFolder.OPTION, folder.path());
    }
    options.checkpoints().applyTo(builder, folder, options.evaluation());
    TrainedModelOptions model = options.model();
    model.check(options.optimizer().seed(), options.run().saveDtype());
    folder.keep(model.folder());
    model.adapter().ifPresent(folder::keep);
    options.data().seed(options.optimizer().seed()).files();
    if (!first) {
      options.data().onlyReadCache();
    }
    try (Processes processes = options.processes().start(options.spec(), err, model)) {
      return processes.run(() -> run(folder, processes, rows, why), Failures::code);
    }
  }

  private int run(RunFolder folder, Processes processes, LearnedRows rows, String why) {
    TrainedModelOptions model = options.model();
    PhaseSeconds seconds = new PhaseSeconds();
    try (RunLock lock = new RunLock(folder);
        Progress progress = Progress.on(console.err(), quiet);
        CheckpointTokenizer tokenizer = model.loadTokenizer()) {
      if (options.checkpoints().resumes() && processes.isFirst()) {
        lock.take();
      }
      PreferenceReader reader = options.data().reader(tokenizer, model.folder());
      Optional<SampledPrompts> samples =
          options.samples().read(tokenizer, options.data(), model, options.optimizer().seed());
      samples.ifPresent(
          it ->
              builder
                  .samples(it.settings())
                  .listener(new SamplesFile(folder.samples(), tokenizer, it)));
      int maxLength = model.maxLength();
      progress.begin("loading " + model.folder() + ", reading and tokenizing", 0);
      try (BackgroundTask<Map<String, String>> hashes =
              BackgroundTask.begin("hashes", model::hashes);
          BackgroundTask<RunData> reading =
              BackgroundTask.begin("reader", () -> read(reader, maxLength, rows, why, progress));
          DjlPolicy policy = model.loadPolicy(progress)) {
        options.parameters().check(policy.parameters());
        RunData data = reading.get();
        Map<String, String> weights = hashes.get();
        progress.end();
        data.addTo(builder.policy(policy));
        TokenizationSettings tokenization = reader.tokenization();
        options.evaluation().read(reader, options.data(), rows, builder, progress);
        options.data().cache(progress).ifPresent(builder::cache);
        Map<String, Object> origin = rows.added(builder);
        builder.provenance(
            ImmutableMap.<String, String>builder()
                .put("files of the model", weights.toString())
                .putAll(model.settings())
                .buildOrThrow());
        Optional<Checkpoint> checkpoint = checkpoint(folder);
        checkpoint.ifPresent(it -> builder.resume(it).resumeAnyway(options.checkpoints().anyway()));
        resumed = checkpoint.isPresent();
        return processes.isFirst()
            ? train(
                processes,
                policy,
                data,
                origin,
                weights,
                tokenization,
                folder,
                lock,
                seconds,
                progress)
            : follow(processes);
      }
    }
  }

  /** All rows, or the first of a stream. */
  private RunData read(
      PreferenceReader reader, int maxLength, LearnedRows rows, String why, Progress progress) {
    DataOptions data = options.data();
    return options.stream().isGiven()
        ? StreamedRows.of(
            rows.of(data.stream(reader, maxLength, progress)), data.files().expanded())
        : new ReadRows(rows.of(data.readAmidst(reader, maxLength, progress)), why);
  }

  /** The same training on any rank but the first, which writes and shows what comes of it. */
  private int follow(Processes processes) {
    Trainer trainer = build(builder);
    processes.ready();
    try (Interruption interruption = new Interruption(trainer::stop)) {
      return trainer.train().completed() ? 0 : STOPPED;
    }
  }

  private int train(
      Processes processes,
      DjlPolicy policy,
      RunData data,
      Map<String, Object> origin,
      Map<String, String> weights,
      TokenizationSettings tokenization,
      RunFolder folder,
      RunLock lock,
      PhaseSeconds seconds,
      Progress progress) {
    TrainingProgress shown = new TrainingProgress(progress, data.unit());
    RunReport report = new RunReport(folder.path(), data::report, data::statistics);
    Settings settings = Settings.of(options.spec());
    Map<String, Object> provenance = Provenance.of(settings, policy, weights, tokenization, data);
    provenance.putAll(origin);
    String command = options.spec().name();
    try (MetricsFile metrics = new MetricsFile(folder.metrics());
        TensorBoardEvents events = new TensorBoardEvents(folder.tensorBoard());
        MlflowLog mlflow =
            new MlflowLog(options.run(), command, folder.path(), settings, provenance, progress)) {
      if (resumed) {
        builder.listener(reopening(folder, settings, provenance));
      }
      if (options.run().tensorBoard()) {
        builder.listener(events);
      }
      builder.listener(metrics).listener(shown);
      mlflow.addTo(builder);
      Trainer trainer = build(builder);
      trainer.meanLag().ifPresent(lag -> provenance.put(RunReport.REFERENCE_LAG, lag));
      show(
          data,
          options.model().adapterLines(policy),
          options.parameters().lines(policy.model().parameterSizes()),
          settings,
          settings.pull(trainer.meanLag()));
      warn(trainer.warnings());
      lock.take();
      if (!options.checkpoints().resumes()) {
        RunFolder.at(folder.path()); // still new, now that nobody else can begin
      }
      processes.ready();
      if (!resumed) {
        folder.writeConfig(settings, provenance);
      }
      seconds.end("load");

      processes.endInOrder();
      // mlflow again: after Ctrl-C the process ends as soon as the interruption is closed
      try (Interruption interruption = new Interruption(() -> stop(trainer));
          mlflow) {
        TrainingResult result = reporting(report, trainer::train);
        if (!quiet && !data.after().isEmpty()) {
          section("Data", data.after());
        }
        if (!result.completed()) {
          return stopped(result, folder, report);
        }
        seconds.set("reference_scoring", result.referenceSeconds());
        seconds.set("training", result.trainingSeconds());
        seconds.set("evaluation", result.evaluationSeconds());

        Path saved = options.model().trainsAdapter() ? folder.adapter() : folder.model();
        progress.begin("saving " + saved, 0);
        seconds.start();
        SavedWeights learned =
            new SavedWeights(
                policy,
                options.run().saveDtype(),
                options.model().trainsAdapter(),
                new RunCard(
                    options.spec(),
                    reference,
                    options.model().folder(),
                    options.model().adapter(),
                    provenance),
                console);
        Rounding rounding = reporting(report, () -> learned.saveIn(saved, result.last()));
        if (options.checkpoints().keepsBest()) {
          learned.saveBest(trainer, result, folder);
        }
        seconds.end("save");
        progress.end();
        report.finished(result, seconds, SavedWeights.summary(rounding, processes.group().size()));
        if (!quiet) {
          new ResultTable(result, data.unit(), console.out())
              .print(reference, policy.referenceError(), seconds, folder);
          RoundingLine.of(rounding, options.run().saveDtype())
              .ifPresent(line -> console.out().println("Saved in " + line + "."));
        }
        return 0;
      }
    }
  }

  /** Changes the folder only after the trainer has accepted the settings. */
  private static TrainingListener reopening(
      RunFolder folder, Settings settings, Map<String, Object> provenance) {
    return new TrainingListener() {
      @Override
      public void onStart(TrainingPlan plan) {
        folder.reopen(plan.totalSteps());
        folder.updateConfig(settings, provenance);
      }
    };
  }

  /** The checkpoint to resume from; empty for a new run, or one that had none yet. */
  private Optional<Checkpoint> checkpoint(RunFolder folder) {
    if (!options.checkpoints().resumes()) {
      return Optional.empty();
    }
    if (options.processes().isFirst()) {
      folder.deleteLeftovers();
    }
    CheckpointStore store = CheckpointStore.in(folder.checkpoints());
    Optional<Checkpoint> newest = store.newest(console::warn);
    if (newest.isEmpty() && !store.steps().isEmpty()) {
      throw new Refusal(
          CheckpointOptions.RESUME,
          "no checkpoint in "
              + store.folder()
              + " is whole; put one back, or start a new run with another "
              + RunFolder.OPTION);
    }
    if (newest.isEmpty() && folder.isComplete()) {
      throw folder.complete();
    }
    if (newest.isEmpty()) {
      folder.requireNoneYet();
    }
    if (!quiet) {
      console
          .err()
          .println(
              newest
                  .map(it -> "resuming from " + it.path())
                  .orElse("there is no checkpoint yet: starting again from step 0"));
    }
    return newest;
  }

  private void stop(Trainer trainer) {
    trainer.stop();
    console.err().println("\ntralign: stopping after this step, with a checkpoint");
  }

  private int stopped(TrainingResult result, RunFolder folder, RunReport report) {
    if (result.last().step() == 0) {
      console.err().println("tralign: stopped before the first step was done");
      return STOPPED;
    }
    report.stopped("stopped after step " + result.last().step() + "; the run can be resumed");
    console
        .err()
        .printf(
            Locale.ROOT,
            "tralign: stopped after step %d; to resume: %s %s --resume --output %s%n",
            result.last().step(),
            Shell.command(),
            options.spec().name(),
            Shell.word(folder.path()));
    return STOPPED;
  }

  /** A run that fails leaves a report of what there is. */
  private static <T> T reporting(RunReport report, Supplier<T> part) {
    try {
      return part.get();
    } catch (RuntimeException | OutOfMemoryError failure) {
      try {
        report.stopped(String.valueOf(failure.getMessage()));
      } catch (RuntimeException second) {
        failure.addSuppressed(second); // such as a disk that is full
      }
      throw failure;
    }
  }

  /** Rejects what does not fit together: rows and model, loss and reference. */
  private static Trainer build(TrainerBuilder builder) {
    try {
      return builder.build();
    } catch (InvalidSettingException e) {
      throw e; // which names its option
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
  }

  private void show(
      RunData data,
      List<String> adapter,
      List<String> groups,
      Settings settings,
      List<String> pull) {
    if (quiet) {
      return;
    }
    section("Data", data.before());
    if (!adapter.isEmpty()) {
      section("Adapter", adapter);
    }
    if (!groups.isEmpty()) {
      section("Parameters", groups);
    }
    section("Settings", settings.lines());
    if (!pull.isEmpty()) {
      section("Reference", pull);
    }
  }

  private void warn(List<String> warnings) {
    if (!quiet) {
      warnings.forEach(console::warn);
    }
  }

  private void section(String title, List<String> lines) {
    console.out().println(title);
    lines.forEach(line -> console.out().println("  " + line));
  }
}
