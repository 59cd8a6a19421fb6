package io.github.tralign.cli;

import io.github.tralign.InvalidInputException;
import io.github.tralign.TR;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.data.PreferenceStream;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.train.TrainerBuilder;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./tralign sft}: supervised fine-tuning. */
@Command(
    name = "sft",
    description = {
      "Fine-tunes a policy on completions: demonstrations, and the chosen completions of pairs."
          + " Prompt tokens have no loss."
    },
    customSynopsis = "${ROOT-COMMAND-NAME} sft --policy DIR --data FILE --output DIR [OPTION...]",
    sortOptions = false,
    footer = {
      "",
      "The loss is the mean over the completion tokens of a batch. Rejected completions and those"
          + " labelled undesirable are left out. The output folder is like that of"
          + " '${ROOT-COMMAND-NAME} train', which takes its model/ as --policy.",
      "",
      "Example: ${ROOT-COMMAND-NAME} sft --policy pythia-70m --data pairs.jsonl --output sft"
          + " --learning-rate 1e-5"
    })
final class SftCommand implements Callable<Integer> {

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

  @Mixin(name = "Training")
  private OptimizerOptions optimizer = new OptimizerOptions();

  @Mixin(name = "Parameters")
  private ParameterOptions parameters = new ParameterOptions();

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

  SftCommand(Console console) {
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
    ReferencePolicy fixed = new FixedReference();
    TrainerBuilder trainer = options.trainer(fixed).loss(TR.sft());
    return new TrainingRun(console, options, trainer, fixed)
        .run(new Demonstrations(), "completions labelled undesirable are left out");
  }

  private static final class Demonstrations implements LearnedRows {

    @Override
    public PreferenceData of(PreferenceData read) {
      try {
        return read.demonstrations();
      } catch (IllegalArgumentException e) {
        throw new InvalidInputException(
            "--data: every completion is labelled undesirable; there is nothing to imitate", e);
      }
    }

    @Override
    public PreferenceStream of(PreferenceStream read) {
      return read.demonstrations();
    }
  }
}
