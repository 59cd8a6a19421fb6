package io.github.tralign.cli;

import com.google.common.collect.ImmutableList;
import io.github.tralign.toy.SftData;
import io.github.tralign.toy.ToyLoss;
import io.github.tralign.toy.ToySettings;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** The toy problem's settings; several values of some make a grid. */
final class ToyOptions {

  private static final ToySettings DEFAULT = ToySettings.ofDefaults();
  private static final int GRID_MEASURES_EVERY = 10; // steps

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      description = "dpo, ipo (summed), kto or kto-pair. Default: ${DEFAULT-VALUE}.")
  private ToyLoss loss = DEFAULT.loss();

  @Option(
      names = "--beta",
      paramLabel = "B",
      split = ",",
      description =
          "Beta of the loss, > 0. Default: 1 for dpo, else 0.1; in a grid 0.03,0.1,0.3,1,3.")
  private List<Double> betas = List.of();

  @Option(
      names = "--learning-rate",
      paramLabel = "R",
      split = ",",
      description = "Learning rate of Adam, > 0. Default: 0.01; in a grid 0.001,0.003,0.01,0.03.")
  private List<Double> learningRates = List.of();

  @Option(
      names = "--depth",
      paramLabel = "D",
      split = ",",
      description = "Actions of a sequence, from 1 to 8. Default: 4; in a grid 3,4,6.")
  private List<Integer> depths = List.of();

  @Option(
      names = "--shared-prefix",
      paramLabel = "N",
      split = ",",
      description = "Number of first actions that both sequences of the pair share. Default: 0.")
  private List<Integer> sharedPrefixes = List.of();

  @Option(
      names = "--sft",
      paramLabel = "DATA",
      description = "What the policy is fine-tuned on: pair or chosen. Default: ${DEFAULT-VALUE}.")
  private SftData sft = DEFAULT.sft();

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Optimizer steps of each run. Default: ${DEFAULT-VALUE}.")
  private int steps = DEFAULT.steps();

  @Option(
      names = "--hidden",
      paramLabel = "N",
      description = "Size of the policy's state. Default: ${DEFAULT-VALUE}.")
  private int hidden = DEFAULT.hidden();

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Runs of each method. Default: ${DEFAULT-VALUE}.")
  private int seeds = DEFAULT.seeds();

  @Option(
      names = "--grid",
      description = {
        "Runs every combination of the values of --beta, --learning-rate, --depth and"
            + " --shared-prefix, which then take several, separated by commas. Writes one table and"
            + " no pictures."
      })
  private boolean grid;

  boolean isGrid() {
    return grid;
  }

  /** The settings to run: one, or all of the grid. Afterwards the fields hold the values in use. */
  List<ToySettings> resolve() {
    betas =
        resolved("--beta", betas, List.of(loss.defaultBeta()), List.of(0.03, 0.1, 0.3, 1.0, 3.0));
    learningRates =
        resolved(
            "--learning-rate",
            learningRates,
            List.of(DEFAULT.learningRate()),
            List.of(1e-3, 3e-3, 1e-2, 3e-2));
    depths = resolved("--depth", depths, List.of(DEFAULT.depth()), List.of(3, 4, 6));
    sharedPrefixes = resolved("--shared-prefix", sharedPrefixes, List.of(0), List.of(0));
    ImmutableList.Builder<ToySettings> all = ImmutableList.builder();
    for (int depth : depths) {
      for (int sharedPrefix : sharedPrefixes) {
        for (double beta : betas) {
          for (double learningRate : learningRates) {
            all.add(settings(depth, sharedPrefix, beta, learningRate));
          }
        }
      }
    }
    return all.build();
  }

  private <T> List<T> resolved(String option, List<T> given, List<T> one, List<T> several) {
    if (!grid && given.size() > 1) {
      throw new Refusal(option, "takes several values with --grid only");
    }
    return given.isEmpty() ? (grid ? several : one) : given;
  }

  private ToySettings settings(int depth, int sharedPrefix, double beta, double learningRate) {
    return Refusal.naming(
        Set.of(
            "--beta",
            "--learning-rate",
            "--depth",
            "--shared-prefix",
            "--steps",
            "--hidden",
            "--seeds"),
        () ->
            ToySettings.builder()
                .loss(loss)
                .beta(beta)
                .learningRate(learningRate)
                .depth(depth)
                .sharedPrefix(sharedPrefix)
                .sft(sft)
                .steps(steps)
                .hidden(hidden)
                .seeds(seeds)
                .measureEvery(grid ? GRID_MEASURES_EVERY : 1)
                .build());
  }
}
