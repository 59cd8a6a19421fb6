package io.github.tralign.cli;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.train.Trainer;
import io.github.tralign.train.TrainerBuilder;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The groups of options that all training commands share.
 *
 * @param spec of the command
 */
record TrainingOptions(
    CommandSpec spec,
    TrainedModelOptions model,
    DataOptions data,
    StreamOptions stream,
    EvaluationOptions evaluation,
    OptimizerOptions optimizer,
    ParameterOptions parameters,
    RunOptions run,
    CheckpointOptions checkpoints,
    SampleOptions samples,
    TrainingProcessOptions processes,
    CommonOptions common) {

  /**
   * A trainer with these options; refuses what is missing or out of range.
   *
   * @param reference the rule that it is going to have
   */
  TrainerBuilder trainer(ReferencePolicy reference) {
    if (checkpoints.resumes() && run.isGiven()) {
      run.folder(true, true) // without a run there, everything else is missing too
          .requireMore(Settings.of(spec));
    }
    if (checkpoints.resumes()) { // the rest is in the run's folder
      Refusal.requireAll(ImmutableMap.of("--output DIR", run.isGiven()));
    }
    Refusal.requireAll(
        ImmutableMap.of(
            "--policy DIR", model.isGiven(),
            "--data FILE", data.isGiven(),
            "--output DIR", run.isGiven()));
    TrainerBuilder trainer = Trainer.builder();
    stream.applyTo(trainer, optimizer, data, reference);
    optimizer.applyTo(trainer);
    parameters.applyTo(trainer);
    evaluation.check(trainer, data);
    common.check();
    samples.check();
    run.mlflow(); // rejects an invalid address
    processes.check(model);
    return trainer.microBatchTokens(common.microBatchTokens()).onNan(run.onNan());
  }
}
