package io.github.tralign.cli;

import io.github.tralign.train.TrainerBuilder;
import picocli.CommandLine.Option;

/** How the distance from the initial policy is measured. */
final class ProbeOptions {

  @Option(
      names = "--probe-pairs",
      paramLabel = "N",
      description = {
        "Pairs on which the distance from the initial policy is measured; with a fixed reference"
            + " each batch shows it. Default: ${DEFAULT-VALUE}."
      })
  private int pairs = 64;

  @Option(
      names = "--probe-every",
      paramLabel = "N",
      description =
          "Steps between measurements on --probe-pairs, 0 for none. Default: ${DEFAULT-VALUE}.")
  private int every = 50;

  /** Refuses what is out of range; the rest goes into {@code trainer}. */
  void applyTo(TrainerBuilder trainer) {
    if (pairs < 1) {
      throw new Refusal(
          "--probe-pairs",
          "must be at least 1, not " + pairs + "; --probe-every 0 switches probing off");
    }
    trainer.probeEvery(every);
  }

  /** How many rows to measure on. */
  int pairs() {
    return pairs;
  }
}
