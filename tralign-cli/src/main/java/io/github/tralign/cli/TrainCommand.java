package io.github.tralign.cli;

import com.google.common.collect.Iterables;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceStream;
import io.github.tralign.train.TrainerBuilder;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./tralign train}: aligns a policy with preference data. */
@Command(
    name = "train",
    description = "Aligns a policy with preference data.",
    customSynopsis = "${ROOT-COMMAND-NAME} train --policy DIR --data FILE --output DIR [OPTION...]",
    sortOptions = false,
    footer = {
      "",
      "The output folder gets config.yaml, metrics.jsonl, metrics.csv, summary.json, report.html and"
          + " model/, a Hugging Face folder with the last weights, or adapter/, a PEFT folder, if an"
          + " adapter was trained. It must be new or empty. Invalid input"
          + " leaves nothing behind. A run that fails later leaves config.yaml, its metrics, a report"
          + " and its checkpoints, but never an incomplete model.",
      "",
      "Ctrl-C finishes the step, writes a checkpoint and exits with code 130. To resume a run,"
          + " however it ended: ${ROOT-COMMAND-NAME} train --resume --output DIR",
      "",
      "Example: ${ROOT-COMMAND-NAME} train --policy pythia-70m --data pairs.jsonl --output run"
          + " --reference soft:0.6"
    })
final class TrainCommand implements Callable<Integer> {

  private final Console console;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin(name = "Model")
  private TrainedModelOptions model = new TrainedModelOptions();

  @Mixin(name = "Data")
  private DataOptions data = new DataOptions();

  @Mixin(name = "Streaming")
  private StreamOptions stream = new StreamOptions();

  @Mixin(name = "Evaluation")
  private EvaluationOptions evaluation = new EvaluationOptions();

  @Mixin(name = "Method")
  private LossOptions method = new LossOptions();

  @Mixin(name = "Settings of the loss")
  private LossSettingOptions settings = new LossSettingOptions();

  @Mixin(name = "Modifiers of the loss")
  private ModifierOptions modifiers = new ModifierOptions();

  @Mixin(name = "Training")
  private OptimizerOptions optimizer = new OptimizerOptions();

  @Mixin(name = "Parameters")
  private ParameterOptions parameters = new ParameterOptions();

  @Mixin(name = "Distance from the initial policy")
  private ProbeOptions probe = new ProbeOptions();

  @Mixin(name = "Run")
  private RunOptions run = new RunOptions();

  @Mixin(name = "Checkpoints")
  private CheckpointOptions checkpoints = new CheckpointOptions();

  @Mixin(name = "Samples")
  private SampleOptions samples = new SampleOptions();

  @Mixin(name = "Processes")
  private TrainingProcessOptions processes = new TrainingProcessOptions();

  @Mixin(name = "General")
  private CommonOptions common = new CommonOptions();

  TrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    TrainingOptions options =
        new TrainingOptions(
            spec,
            model,
            data,
            stream,
            evaluation,
            optimizer,
            parameters,
            run,
            checkpoints,
            samples,
            processes,
            common);
    TrainerBuilder trainer = options.trainer(method.reference());
    trainer.loss(method.resolve(spec, modifiers, optimizer.seed())).reference(method.reference());
    model.mixAs(method.reference());
    probe.applyTo(trainer);
    return new TrainingRun(console, options, trainer, method.reference())
        .run(
            rows(trainer),
            method.loss() + " reads single completions: each pair is split into two");
  }

  /** Probes with the first rows: of the evaluation data, which is read last, if there is any. */
  private LearnedRows rows(TrainerBuilder trainer) {
    boolean apart = method.loss().unpaired();
    return new LearnedRows() {
      @Override
      public PreferenceData of(PreferenceData read) {
        PreferenceData rows = apart ? read.unpaired() : read;
        trainer.probe(Iterables.limit(rows.examples(), probe.pairs()));
        return rows;
      }

      @Override
      public PreferenceStream of(PreferenceStream read) {
        PreferenceStream rows = apart ? read.unpaired() : read;
        trainer.probe(rows.first(probe.pairs()));
        return rows;
      }

      @Override
      public Map<String, Object> added(TrainerBuilder trainer) {
        return method.scaleBeta(spec, modifiers, optimizer.seed(), trainer);
      }
    };
  }
}
