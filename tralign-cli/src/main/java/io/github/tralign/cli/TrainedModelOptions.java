package io.github.tralign.cli;

import io.github.tralign.djl.DjlPolicyBuilder;
import io.github.tralign.djl.Precision;
import picocli.CommandLine.Option;

/** The model of a command that trains it. */
final class TrainedModelOptions extends ModelOptions {

  @Option(
      names = "--recompute",
      description = {
        "Keeps only the inputs of the layers and computes each layer again in the backward pass"
            + " (gradient checkpointing): less memory, about a quarter more work in the layers, and"
            + " the same results bit for bit."
      })
  private boolean recompute;

  TrainedModelOptions() {
    super(Precision.AUTO);
  }

  @Override
  DjlPolicyBuilder loading() {
    return super.loading().recompute(recompute);
  }
}
