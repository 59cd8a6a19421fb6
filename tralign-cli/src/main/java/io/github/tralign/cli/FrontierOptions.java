package io.github.tralign.cli;

import io.github.tralign.InvalidInputException;
import io.github.tralign.frontier.FrontierGrid;
import io.github.tralign.frontier.FrontierLoss;
import io.github.tralign.frontier.ReferenceRule;
import io.github.tralign.frontier.Regime;
import io.github.tralign.frontier.WorldSize;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which part of the grid to run; the whole grid without any of these options. */
final class FrontierOptions {

  // With room for the factors of losses and rules.
  private static final double LEAST_BETA = 1e-300;
  private static final double MOST_BETA = 1e300;

  @Option(
      names = "--regimes",
      paramLabel = "NAME",
      split = ",",
      description =
          "Any of decayed, decayed-3, noisy, noisy-3, few-pairs and sgd, separated by commas; -3 is"
              + " well-formedness 3 in place of 6. Default: all.")
  private List<Regime> regimes = List.of(Regime.values());

  @Option(
      names = "--losses",
      paramLabel = "NAME",
      split = ",",
      description =
          "Any of dpo, ipo (summed), ipo-mean, kto-pair and kto. Regimes other than decayed have"
              + " dpo only. Default: all.")
  private List<FrontierLoss> losses = List.of(FrontierLoss.values());

  @Option(
      names = "--rules",
      paramLabel = "RULE",
      split = ",",
      description =
          "Any of fixed, soft:0.9, soft:0.6, soft:0.3, soft:0.1, hard:8, hard:32, hard:128 and"
              + " distance. Regimes other than decayed, and ipo-mean, have fixed, soft:0.6,"
              + " soft:0.1 and hard:32 only. Default: all.")
  private List<ReferenceRule> rules = List.of(ReferenceRule.values());

  @Option(
      names = "--betas",
      paramLabel = "B",
      split = ",",
      description =
          "Beta of runs with a fixed reference and DPO, from 1e-300 to 1e300. Those of other rules are scaled by the"
              + " ratio of mean lags, those of other losses by a factor. Default: 0.003,0.01,0.02,"
              + "0.03,0.05,0.1,0.2,0.3,1.")
  private List<Double> betas = FrontierGrid.BETAS;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description =
          "Runs of each setting, each in a world of its own; at most 1000. Default: 10 in the noisy regimes, else"
              + " 5.")
  private int seeds;

  /** The size of the world. */
  static final class WorldOptions {
    private static final WorldSize DEFAULT = WorldSize.ofDefaults();

    @Option(
        names = "--hidden",
        paramLabel = "N",
        description = "Size of the policy's state, at most 1024. Default: ${DEFAULT-VALUE}.")
    private int hidden = DEFAULT.hidden();

    @Option(
        names = "--sft-steps",
        paramLabel = "N",
        description =
            "Steps of fine-tuning on 64 texts each, at most 20000. Default: ${DEFAULT-VALUE}.")
    private int sftSteps = DEFAULT.sftSteps();

    @Option(
        names = "--pairs",
        paramLabel = "N",
        description =
            "Pairs that a run sees, 32 in a step; a multiple of 512, at most 1048576. Default: ${DEFAULT-VALUE}.")
    private int pairs = DEFAULT.pairs();

    @Option(
        names = "--prompts",
        paramLabel = "N",
        description =
            "Prompts that policies are measured on, at most 131072. Default: ${DEFAULT-VALUE}.")
    private int prompts = DEFAULT.prompts();

    WorldSize size() {
      return Refusal.naming(
          Set.of("--hidden", "--sft-steps", "--pairs", "--prompts"),
          () -> new WorldSize(hidden, sftSteps, pairs, prompts));
    }
  }

  FrontierGrid grid(WorldSize size) {
    for (double beta : betas) {
      if (!(beta >= LEAST_BETA && beta <= MOST_BETA)) {
        throw new Refusal("--betas", "beta must be from 1e-300 to 1e300, not " + beta);
      }
    }
    FrontierGrid grid =
        Refusal.naming(
            "--seeds",
            () ->
                new FrontierGrid(
                    new LinkedHashSet<>(regimes),
                    new LinkedHashSet<>(losses),
                    new LinkedHashSet<>(rules),
                    betas,
                    seeds,
                    size));
    if (grid.isEmpty()) {
      throw new InvalidInputException(
          "--regimes, --losses, --rules and --betas select no run; a regime has only some losses"
              + " and rules, see --help");
    }
    return grid;
  }
}
