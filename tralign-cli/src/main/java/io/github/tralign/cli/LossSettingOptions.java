package io.github.tralign.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The settings of the losses. {@link LossOptions} reads them by their names. */
@SuppressWarnings("unused")
final class LossSettingOptions {

  @Option(
      names = LossSettings.BETA,
      paramLabel = "B",
      description = {
        "Strength of the pull to the reference, or scale of the reward; > 0. Its effect depends on"
            + " how far the reference lags behind, see --beta-lag. Default: 0.1 for most losses;"
            + " docs/losses.md has all."
      })
  private @Nullable Double beta;

  @Option(
      names = LossSettings.BETA_LAG,
      paramLabel = "B",
      description = {
        "Instead of --beta: the beta that you would use with a fixed reference. It is multiplied by"
            + " half the steps of the run over the mean lag of the reference in steps, (1 - A)/A for"
            + " soft:A and (T - 1)/2 for hard:T. So a rule can be replaced by another without a new"
            + " search for beta. 0.1 in a run of 1,000 steps is beta 75 with soft:0.6."
      })
  private @Nullable Double betaLag;

  @Option(
      names = LossSettings.LABEL_SMOOTHING,
      paramLabel = "E",
      description =
          "dpo, robust, exo, aot, simpo, alphapo, cpo: share of labels assumed to be wrong.")
  private @Nullable Double labelSmoothing;

  @Option(
      names = LossSettings.DESIRABLE_WEIGHT,
      paramLabel = "W",
      description = "kto, apo-zero-unpaired: weight of desirable completions. Default: 1.")
  private @Nullable Double desirableWeight;

  @Option(
      names = LossSettings.UNDESIRABLE_WEIGHT,
      paramLabel = "W",
      description = "kto, apo-zero-unpaired: weight of undesirable completions. Default: 1.")
  private @Nullable Double undesirableWeight;

  @Option(
      names = LossSettings.GAMMA,
      paramLabel = "G",
      description = {
        "simpo, alphapo: the target margin, absolute (not divided by beta). Default: 0.5, 0.1."
      })
  private @Nullable Double gamma;

  @Option(
      names = LossSettings.ALPHA,
      paramLabel = "A",
      description = {
        "alphapo: shape of the reward; odpo: weight of the rows' margins; tdpo2: weight of the"
            + " divergences. Default: 0.25, 1, 0.5."
      })
  private @Nullable Double alpha;

  @Option(
      names = LossSettings.MARGIN,
      paramLabel = "M",
      description = "slic: the margin above which a pair has no loss. Default: 1.")
  private @Nullable Double margin;

  @Option(
      names = LossSettings.OFFSET,
      paramLabel = "NAME",
      description = "odpo: how a row's margin becomes the offset, log or identity. Default: log.")
  private @Nullable OffsetKind offset;

  @Option(
      names = LossSettings.ETA,
      paramLabel = "X",
      description = "rpo-bwd-kl, rpo-fwd-kl, rpo-sq: scale of the rows' margins. Default: 1.")
  private @Nullable Double eta;

  @Option(
      names = LossSettings.TEMPERATURE,
      paramLabel = "T",
      description = "discopop: temperature of the gate, in (0, 1]. Default: 0.05.")
  private @Nullable Double temperature;

  @Option(
      names = LossSettings.PENALTY,
      paramLabel = "L",
      description =
          "dpop: weight of the penalty on chosen completions that became less probable. Default: 50.")
  private @Nullable Double penalty;

  @Option(
      names = LossSettings.CALIBRATION,
      paramLabel = "C",
      description = "cal-dpo: weight of the calibration. Default: 0.5.")
  private @Nullable Double calibration;

  @Option(
      names = LossSettings.SCALE,
      paramLabel = "K",
      description = "beta-dpo: how strongly beta follows the margins. Default: 0.6.")
  private @Nullable Double scale;

  @Option(
      names = LossSettings.KEPT,
      paramLabel = "P",
      description = "beta-dpo: share of a batch that is used, in (0, 1]. Default: 0.8.")
  private @Nullable Double kept;

  @Option(
      names = LossSettings.MOMENTUM,
      paramLabel = "M",
      description = "beta-dpo: decay of the running moments of the margins. Default: 0.9.")
  private @Nullable Double momentum;

  @Option(
      names = LossSettings.DETACHED,
      arity = "1",
      paramLabel = "true|false",
      description = "kto-pair: whether the estimated divergences have no gradient. Default: false.")
  private @Nullable Boolean detached;
}
