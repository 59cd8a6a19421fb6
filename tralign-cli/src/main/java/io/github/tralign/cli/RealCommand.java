package io.github.tralign.cli;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceReader;
import io.github.tralign.djl.SaveDtype;
import io.github.tralign.djl.generate.GenerationConfig;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.file.Reason;
import io.github.tralign.generate.Sampling;
import io.github.tralign.sweep.Sweep;
import io.github.tralign.sweep.SweepData;
import io.github.tralign.sweep.SweepFolder;
import io.github.tralign.sweep.SweepGrid;
import io.github.tralign.sweep.SweepReport;
import io.github.tralign.sweep.SweepSettings;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./tralign experiment real}: quality over divergence on a model of the user's. */
@Command(
    name = "real",
    description = {
      "Compares reference rules and betas on a language model: a judge's reward over the divergence"
          + " from the start, at equal divergence and at equal beta."
    },
    customSynopsis =
        "${ROOT-COMMAND-NAME} experiment real --policy DIR --data FILE --output DIR [OPTION...]",
    sortOptions = false,
    footer = {
      "",
      "The judge is a policy that is trained by DPO from the same start, on pairs that no run sees."
          + " Answers are drawn at temperature 1. Policies that were trained are not kept.",
      "The output folder gets runs.csv, to which each run adds its numbers when it ends, seeds.csv"
          + " with start and judge, judge-SEED/, and answers/, which judge reads; from these"
          + " report.md, equal-kl.csv, and the pictures quality-over-kl, quality-over-beta and"
          + " kl-over-beta-lag as SVG and PNG. The same command resumes it after it was stopped.",
      "",
      "Example: ${ROOT-COMMAND-NAME} experiment real --policy pythia-70m --data pairs.jsonl"
          + " --output sweep --learning-rate 1e-5 --batch-size 4"
    })
final class RealCommand implements Callable<Integer> {

  private final Console console;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin(name = "Model")
  private TrainedModelOptions model = new TrainedModelOptions();

  @Mixin(name = "Data")
  private DataOptions data = new DataOptions();

  @Mixin(name = "Parts of the data")
  private RealOptions.PartOptions parts = new RealOptions.PartOptions();

  @Mixin(name = "Grid")
  private RealOptions grid = new RealOptions();

  @Mixin(name = "Training")
  private OptimizerOptions optimizer = new OptimizerOptions();

  @Mixin(name = "Measurement")
  private RealOptions.MeasureOptions measure = new RealOptions.MeasureOptions();

  @Mixin(name = "Run")
  private FolderOptions run = new FolderOptions();

  @Mixin(name = "General")
  private CommonOptions common = new CommonOptions();

  RealCommand(Console console) {
    this.console = console;
  }

  /** Where the results are. */
  static final class FolderOptions {
    @Option(
        names = RunFolder.OPTION,
        paramLabel = "DIR",
        description =
            "Folder for the results: new, empty, or one with runs of this command and the same"
                + " settings, which are kept. Required.")
    private @Nullable Path output;

    @Option(
        names = "--analyze",
        description =
            "Runs nothing; makes the page and the pictures from the runs that are there. Requires"
                + " --output only.")
    private boolean analyze;
  }

  @Override
  public Integer call() throws IOException {
    Refusal.requireAll(
        ImmutableMap.of(
            "--policy DIR", run.analyze || model.isGiven(),
            "--data FILE", run.analyze || data.isGiven(),
            "--output DIR", run.output != null));
    Path output = Refusal.given(run.output);
    SweepFolder folder = new SweepFolder(output);
    if (run.analyze && !Files.exists(folder.runs())) {
      throw new Refusal(RunFolder.OPTION, output + " has no runs to analyze");
    }
    if (!run.analyze) {
      check(folder);
    }
    try (RunLock lock = new RunLock(RunFolder.holding(output));
        Progress progress = Progress.on(console.err(), common.quiet())) {
      if (run.analyze) {
        lock.take();
      } else {
        sweep(folder, lock, progress);
      }
      SweepReport report = SweepReport.of(folder);
      report.write();
      if (!common.quiet()) {
        console.out().println(report.tables());
        console.out().println("Page, pictures and numbers: " + output);
      }
    }
    return 0;
  }

  /** Refuses what can be refused before anything is loaded. */
  private void check(SweepFolder folder) {
    common.check();
    grid.check();
    measure.check();
    optimizer.applyTo(Trainer.builder());
    model.check(optimizer.seed(), SaveDtype.SOURCE);
    data.seed(optimizer.seed()).files();
    parts.check(data);
    ReadPaths.requireApart(spec, RunFolder.OPTION, folder.path());
    if (!Files.exists(folder.runs())) {
      RunFolder.at(folder.path());
    }
  }

  private void sweep(SweepFolder folder, RunLock lock, Progress progress) throws IOException {
    progress.begin("reading and tokenizing", 0);
    try (CheckpointTokenizer tokenizer = model.loadTokenizer()) {
      PreferenceReader reader = data.reader(tokenizer, model.folder());
      PreferenceData read = data.readAmidst(reader, model.maxLength(), progress);
      List<Example> held = parts.read(reader, data);
      SweepData divided = parts.divide(read.examples(), held);
      int rows = divided.sizes().training() * (grid.unpaired() ? 2 : 1);
      SweepGrid runs =
          grid.grid(optimizer.seed(), optimizer.steps(rows), optimizer.stepsPerEpoch(rows));
      SweepSettings settings = settings(tokenizer);
      model.loading(); // settles what was left open, for the record
      SweepRecord record =
          SweepRecord.of(spec, model.hashes(), read.fingerprint(), held, measure.wordFile());
      record.requireSame(folder.path());
      lock.take();
      record.write(folder.path());
      Sweep.run(
          runs,
          divided,
          settings,
          new SweptModel(model, tokenizer, data, parts.files()),
          folder,
          new Shown(folder, progress));
      progress.end();
    }
  }

  private SweepSettings settings(CheckpointTokenizer tokenizer) {
    GenerationConfig config = GenerationConfig.read(model.folder()).withEndOf(tokenizer);
    Sampling sampling =
        Sampling.ofModel()
            .maxNewTokens(measure.maxNewTokens())
            .endTokens(config.sampling().endTokens());
    Supplier<TrainerBuilder> training =
        () -> {
          TrainerBuilder trainer = Trainer.builder().microBatchTokens(common.microBatchTokens());
          optimizer.applyTo(trainer);
          return trainer;
        };
    return new SweepSettings(
        beta -> grid.loss(beta, optimizer.seed()),
        grid.unpaired(),
        training,
        measure.judgeBeta(),
        sampling,
        measure.measurements(),
        common.microBatchTokens(),
        measure.words());
  }

  /** Shows what is done, and makes the page after each seed, so that it can be read early. */
  private record Shown(SweepFolder folder, Progress progress) implements Sweep.Listener {
    @Override
    public void begins(int runs) {
      progress.begin("running", runs);
    }

    @Override
    public void next(int done, String next) {
      progress.part(done, next);
    }

    @Override
    public void seedDone() {
      try {
        SweepReport.of(folder).write();
      } catch (IOException e) {
        throw new UncheckedIOException(folder.path() + ": cannot be written: " + Reason.of(e), e);
      }
    }
  }
}
