package io.github.tralign.cli;

import com.google.common.collect.Sets;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.reference.ReferencePolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What is minimized, and how the reference moves. */
@SuppressWarnings("unused") // the losses' numbers are read by their options' names
final class LossOptions {

  private static final List<String> NUMBERS =
      List.of(
          LossSettings.BETA,
          LossSettings.LABEL_SMOOTHING,
          LossSettings.DESIRABLE_WEIGHT,
          LossSettings.UNDESIRABLE_WEIGHT,
          LossSettings.GAMMA,
          LossSettings.ALPHA,
          LossSettings.ETA,
          LossSettings.SCALE,
          LossSettings.TEMPERATURE,
          LossSettings.PENALTY,
          LossSettings.CALIBRATION,
          LossSettings.MARGIN,
          LossSettings.SFT_WEIGHT);

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      completionCandidates = LossNames.class,
      description = {
        "What is minimized; docs/losses.md explains them, and the defaults below. One of"
            + " ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}."
      })
  private LossKind loss = LossKind.DPO;

  @Option(
      names = LossSettings.BETA,
      paramLabel = "B",
      description = {
        "Strength of the pull to the reference, or scale of the reward, > 0. Default: 0.1; dpo-norm"
            + " 5, rpo-* 0.2, simpo and alphapo 2, sppo and sppo-hard 0.001."
      })
  private @Nullable Double beta;

  @Option(
      names = LossSettings.LABEL_SMOOTHING,
      paramLabel = "E",
      description = {
        "dpo, robust, exo, aot*, simpo, alphapo, cpo: share of labels taken to be wrong, in [0,"
            + " 0.5). Default: 0; robust 0.1, exo 0.001."
      })
  private @Nullable Double labelSmoothing;

  @Option(
      names = LossSettings.DESIRABLE_WEIGHT,
      paramLabel = "W",
      description = "kto, apo-zero-unpaired: weight of desirable completions, > 0. Default: 1.")
  private @Nullable Double desirableWeight;

  @Option(
      names = LossSettings.UNDESIRABLE_WEIGHT,
      paramLabel = "W",
      description = "kto, apo-zero-unpaired: weight of undesirable completions, > 0. Default: 1.")
  private @Nullable Double undesirableWeight;

  @Option(
      names = LossSettings.GAMMA,
      paramLabel = "G",
      description = "simpo, alphapo: margin between the rewards aimed at, >= 0. Default: 0.5.")
  private @Nullable Double gamma;

  @Option(
      names = LossSettings.ALPHA,
      paramLabel = "A",
      description = {
        "odpo: weight of the data's margins, default 1. tdpo2: weight of the divergences, default"
            + " 0.5. alphapo: shape of the reward, default 0."
      })
  private @Nullable Double alpha;

  @Option(
      names = LossSettings.ETA,
      paramLabel = "H",
      description = "rpo-*: scale of the data's margins, > 0. Default: 1.")
  private @Nullable Double eta;

  @Option(
      names = LossSettings.SCALE,
      paramLabel = "K",
      description = "beta-dpo: how much beta follows the batch's margins, >= 0. Default: 0.6.")
  private @Nullable Double scale;

  @Option(
      names = LossSettings.TEMPERATURE,
      paramLabel = "T",
      description = "discopop: width of the blend of its two losses, in (0, 1]. Default: 0.05.")
  private @Nullable Double temperature;

  @Option(
      names = LossSettings.PENALTY,
      paramLabel = "L",
      description = "dpop: weight of a chosen completion's loss of probability. Default: 50.")
  private @Nullable Double penalty;

  @Option(
      names = LossSettings.CALIBRATION,
      paramLabel = "C",
      description = "cal-dpo: weight of the rewards' calibration, >= 0. Default: 0.5.")
  private @Nullable Double calibration;

  @Option(
      names = LossSettings.MARGIN,
      paramLabel = "D",
      description = "slic: margin between log-probabilities aimed at, > 0. Default: 1.")
  private @Nullable Double margin;

  @Option(
      names = LossSettings.SFT_WEIGHT,
      paramLabel = "W",
      description = {
        "Weight of imitating the chosen completions beside any loss, >= 0. Default: 0; cpo* 1, slic"
            + " 0.1."
      })
  private @Nullable Double sftWeight;

  @Option(
      names = "--reference",
      paramLabel = "RULE",
      description = {
        "How the reference moves: fixed; soft:A mixes the share A of the policy in after every"
            + " step; hard:T copies the policy every T steps; mixed:A:T mixes every T steps."
            + " Default: fixed. Losses without a reference take none."
      })
  private @Nullable ReferencePolicy reference;

  /** The rule of a loss that uses a reference. */
  ReferencePolicy reference() {
    return reference == null ? new FixedReference() : reference;
  }

  /** Whether the loss takes labelled completions, so that pairs are taken apart. */
  boolean takesLabels() {
    return loss.takesLabels();
  }

  /**
   * The loss with its modifiers; from then on, the options hold what is in effect, for the record
   * of the run.
   */
  AlignmentLoss resolve(LossModifiers modifiers) {
    Map<String, Double> given = given();
    Set<String> own = loss.defaults.values().keySet();
    boolean sftIsOwn = own.contains(LossSettings.SFT_WEIGHT);
    Double addedSft = sftIsOwn ? null : given.remove(LossSettings.SFT_WEIGHT);
    for (String option : Sets.difference(given.keySet(), own)) {
      throw new Refusal(option, "means nothing to --loss " + loss + "; leave one of them out");
    }
    LossSettings settings = loss.defaults.with(given);
    AlignmentLoss made = Refusal.naming(own, () -> loss.make(settings));
    settings.values().forEach((option, value) -> spec.findOption(option).setValue(value));
    return withReference(modifiers.apply(made, addedSft));
  }

  private AlignmentLoss withReference(AlignmentLoss made) {
    if (made.usesReference()) {
      reference = reference();
    } else if (reference != null) {
      throw new Refusal(
          "--reference", "the loss " + made.name() + " uses no reference; leave one of them out");
    }
    return made;
  }

  private Map<String, Double> given() {
    Map<String, Double> given = new LinkedHashMap<>();
    for (String option : NUMBERS) {
      Double value = spec.findOption(option).getValue();
      if (value != null) {
        given.put(option, value);
      }
    }
    return given;
  }
}
