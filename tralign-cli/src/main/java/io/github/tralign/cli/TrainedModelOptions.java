package io.github.tralign.cli;

import io.github.tralign.djl.DjlPolicyBuilder;
import io.github.tralign.djl.Precision;
import picocli.CommandLine.Option;

/** The model of a command that trains it. */
final class TrainedModelOptions extends ModelOptions {

  @Option(
      names = "--recompute",
      description = {
        "Computes each layer a second time on the way back, so that of a micro-batch only the"
            + " layers' inputs are kept: less memory for about a quarter more work in the layers,"
            + " and the same bits."
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
