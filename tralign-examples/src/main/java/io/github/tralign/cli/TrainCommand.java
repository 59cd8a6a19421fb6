package io.github.tralign.cli;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceReader;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.text.CheckpointTokenizer;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.train.MetricsFile;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainerBuilder;
import io.github.tralign.train.TrainingResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./tralign train}: aligns a policy with preference data. */
@Command(
    name = "train",
    description = "Aligns a policy with preference data.",
    customSynopsis = "tralign train --policy DIR --data FILE --output DIR [OPTION...]",
    sortOptions = false,
    footer = {
      "",
      "The output folder gets config.yaml, metrics.jsonl, summary.json and model/, a Hugging Face"
          + " folder. It must be new or empty. Wrong input leaves nothing behind; a run that fails"
          + " later leaves config.yaml and metrics.jsonl, but never a part of a model.",
      "",
      "Example: tralign train --policy pythia-70m --data pairs.jsonl --output run"
          + " --reference soft:0.6"
    })
final class TrainCommand implements Callable<Integer> {

  private final Console console;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin(name = "Model")
  private ModelOptions model = new ModelOptions();

  @Mixin(name = "Data")
  private DataOptions data = new DataOptions();

  @Mixin(name = "Method")
  private LossOptions method = new LossOptions();

  @Mixin(name = "Settings of the loss")
  private LossSettingOptions settings = new LossSettingOptions();

  @Mixin(name = "Modifiers of the loss")
  private ModifierOptions modifiers = new ModifierOptions();

  @Mixin(name = "Training")
  private OptimizerOptions optimizer = new OptimizerOptions();

  @Mixin(name = "Run")
  private RunOptions run = new RunOptions();

  @Mixin(name = "General")
  private CommonOptions common = new CommonOptions();

  TrainCommand(Console console) {
    this.console = console;
  }

  /** What belongs to this one run. */
  static final class RunOptions {
    @Option(
        names = "--output",
        paramLabel = "DIR",
        description = "The run's folder, new or empty. Needed.")
    private @Nullable Path output;

    @Option(
        names = "--probe-pairs",
        paramLabel = "N",
        description = {
          "Pairs on which the distance from the initial policy is measured; with a fixed reference"
              + " each batch tells it. Default: ${DEFAULT-VALUE}."
        })
    private int probePairs = 64;

    @Option(
        names = "--probe-every",
        paramLabel = "N",
        description = "Steps between such measurements, 0 for none. Default: ${DEFAULT-VALUE}.")
    private int probeEvery = 50;

    @Option(
        names = "--precision",
        paramLabel = "NAME",
        description = "fp32 or auto, which is fp32. Default: ${DEFAULT-VALUE}.")
    private Precision precision = Precision.AUTO;
  }

  @Override
  public Integer call() {
    Refusal.requireAll(
        ImmutableMap.of(
            "--policy DIR", model.isGiven(),
            "--data FILE", data.isGiven(),
            "--output DIR", run.output != null));
    TrainerBuilder trainer = Trainer.builder();
    optimizer.applyTo(trainer);
    common.check();
    trainer.microBatchTokens(common.microBatchTokens());
    trainer.loss(method.resolve(spec, modifiers, optimizer.seed())).reference(method.reference());
    checkRunOptions(trainer);
    RunFolder folder = RunFolder.at(Refusal.given(run.output));
    model.check();
    data.seed(optimizer.seed()).files();

    PhaseSeconds seconds = new PhaseSeconds();
    try (Progress progress = Progress.on(console.err(), common.quiet());
        CheckpointTokenizer tokenizer = model.loadTokenizer()) {
      PreferenceReader reader = data.reader(tokenizer);
      progress.begin("loading " + model.folder(), 0);
      try (DjlPolicy policy = model.loadPolicy()) {
        progress.end();
        PreferenceData read = data.read(reader, policy.maxLength(), progress);
        PreferenceData rows = method.loss().unpaired() ? read.unpaired() : read;
        trainer.policy(policy).data(rows);
        trainer.probe(rows.examples().subList(0, Math.min(run.probePairs, rows.size())));
        train(trainer, policy, rows, folder, seconds, progress);
      }
    }
    return 0;
  }

  private void train(
      TrainerBuilder builder,
      DjlPolicy policy,
      PreferenceData pairs,
      RunFolder folder,
      PhaseSeconds seconds,
      Progress progress) {
    String unit = pairs.examples().stream().allMatch(Example::isPair) ? "pairs" : "completions";
    TrainingProgress shown = new TrainingProgress(progress, unit);
    try (MetricsFile metrics = new MetricsFile(folder.metrics())) {
      Trainer trainer = build(builder.listener(metrics).listener(shown));
      Settings settings = Settings.of(spec);
      show(pairs, settings, trainer.warnings());
      folder.create();
      folder.writeConfig(settings, Provenance.of(settings, policy, pairs));
      seconds.end("load");

      TrainingResult result = trainer.train();
      seconds.set("reference_scoring", result.referenceSeconds());
      seconds.set("training", result.trainingSeconds());
      seconds.set("evaluation", 0);

      progress.begin("saving " + folder.model(), 0);
      seconds.start();
      policy.save(folder.model());
      seconds.end("save");
      progress.end();
      folder.writeSummary(RunSummary.of(result, seconds));
      if (!common.quiet()) {
        boolean fixed = method.reference() instanceof FixedReference;
        new ResultTable(result, unit, console.out()).print(fixed, seconds, folder);
      }
    }
  }

  private void checkRunOptions(TrainerBuilder trainer) {
    if (run.probePairs < 1) {
      throw new Refusal(
          "--probe-pairs",
          "must be at least 1, not " + run.probePairs + "; --probe-every 0 switches probing off");
    }
    Refusal.naming("--probe-every", () -> trainer.probeEvery(run.probeEvery));
    if (run.precision == Precision.BF16) {
      throw new Refusal("--precision", "bf16 is not built yet; expected fp32 or auto");
    }
    run.precision = Precision.FP32; // what auto comes to
  }

  /** What does not fit together is told here: rows and model, loss and reference. */
  private static Trainer build(TrainerBuilder builder) {
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
  }

  private void show(PreferenceData rows, Settings settings, List<String> warnings) {
    if (common.quiet()) {
      return;
    }
    List<String> lines = new ArrayList<>(rows.report().summary());
    if (rows.size() > rows.report().used()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%s reads completions one by one: pairs are taken apart, into %,d rows in all",
              method.loss(),
              rows.size()));
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
