package io.github.tralign.cli;

import static io.github.tralign.cli.LossSettings.BETA_LAG;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.reference.ReferencePolicy;
import io.github.tralign.train.TrainerBuilder;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The loss, and how the reference moves ({@link ReferenceConverter} reads its rule). */
final class LossOptions {

  static final String REFERENCE = "--reference";

  private static final long LONG_RUN = 1000; // of any length: which lags are known

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      description = {
        "On pairs: dpo, robust, hinge, ipo (summed), ipo-mean (token means), dpo-norm, exo, nca,"
            + " bco-pair, bco-pair-shift, sppo, sppo-hard, aot, aot-unpaired, apo-zero, apo-down,"
            + " discopop, odpo, dpop, cal-dpo, rpo-bwd-kl, rpo-fwd-kl, rpo-sq, beta-dpo, tdpo1,"
            + " tdpo2, kto-pair.",
        "On labelled completions; pairs are split into two: kto, apo-zero-unpaired, bco.",
        "Without a reference: simpo, cpo, cpo-hinge, cpo-ipo, alphapo, orpo, slic, sft.",
        "docs/losses.md explains each. Default: ${DEFAULT-VALUE}."
      })
  private LossKind loss = LossKind.DPO;

  @Option(
      names = REFERENCE,
      paramLabel = "RULE",
      description = {
        "How the reference moves: fixed; soft:A mixes a share A of the policy into it after"
            + " every step; hard:T copies the policy every T steps, or every 0.5 epochs if T is 0.5epoch;"
            + " mixed:A:T mixes every T steps; distance:D copies the policy when the mean log-ratio leaves"
            + " ±D. Settings follow as in soft:A:warmup=100, see docs/command-line.md. What counts"
            + " is beta times the mean lag of the reference: a soft one with a usual beta hardly holds"
            + " the policy back, see --beta-lag."
            + " Default: ${DEFAULT-VALUE}."
      })
  private @Nullable ReferencePolicy reference = new FixedReference();

  private @Nullable Double betaLag; // until the length of the run is known

  LossKind loss() {
    return loss;
  }

  /** The rule of the reference; the default where the loss uses none. */
  ReferencePolicy reference() {
    return reference == null ? new FixedReference() : reference;
  }

  /**
   * The loss. From then on, the command's options hold what is in effect, for the record of the
   * run.
   *
   * @param seed of what the loss draws
   */
  AlignmentLoss resolve(CommandSpec command, ModifierOptions modifiers, long seed) {
    ImmutableMap<String, Object> settings = settings(command);
    AlignmentLoss plain =
        Refusal.naming(
            betaLag == null ? settings.keySet() : ImmutableSet.of(BETA_LAG),
            () -> loss.make(new LossSettings(settings, seed)));
    AlignmentLoss made = modifiers.modify(loss, plain);
    settings.forEach((option, value) -> command.findOption(option).setValue(value));
    if (!made.usesReference()) {
      requireNoReference(made);
      reference = null;
    }
    return made;
  }

  /**
   * The loss with the β that {@link LossSettings#BETA_LAG} stands for; empty without that option.
   * From then on, the command's options hold this β in its place.
   *
   * @param trainer with all settings that the length of the run depends on
   * @return what it was, by name
   */
  Map<String, Object> scaleBeta(
      CommandSpec command, ModifierOptions modifiers, long seed, TrainerBuilder trainer) {
    Double given = betaLag;
    if (given == null) {
      return Map.of();
    }
    betaLag = null;
    command.findOption(BETA_LAG).setValue(null);
    command.findOption(LossSettings.BETA).setValue(trainer.lagScaledBeta(given));
    trainer.loss(resolve(command, modifiers, seed));
    return Map.of(BETA_LAG.substring(2), given);
  }

  /** β as for a fixed reference, which has to do until the length of the run is known. */
  private void readBetaLag(CommandSpec command, Map<String, Object> settings) {
    betaLag = command.findOption(BETA_LAG).getValue();
    if (betaLag == null) {
      return;
    }
    if (command.findOption(LossSettings.BETA).getValue() != null) {
      throw new Refusal(BETA_LAG, "cannot be used with --beta; leave one of them out");
    }
    if (settings.replace(LossSettings.BETA, betaLag) == null) {
      throw new Refusal(BETA_LAG, "has no effect with --loss " + loss + "; leave one of them out");
    }
    if (reference().meanLag(LONG_RUN, LONG_RUN).isEmpty()) {
      throw new Refusal(
          BETA_LAG,
          "the mean lag of the reference "
              + reference()
              + " is not known before the run, so beta cannot be scaled by it; give --beta");
    }
  }

  /** Given settings over defaults; rejected if the loss has no such setting. */
  private ImmutableMap<String, Object> settings(CommandSpec command) {
    Map<String, Object> settings = new LinkedHashMap<>(loss.defaults);
    readBetaLag(command, settings);
    for (String option : LossSettings.options()) {
      Object given = command.findOption(option).getValue();
      if (given != null && loss.defaults.containsKey(option)) {
        settings.put(option, given);
      } else if (given != null && !option.equals(LossSettings.SFT_WEIGHT)) {
        throw new Refusal(
            option, "has no effect with --loss " + loss + "; " + LossKind.with(option));
      }
    }
    return ImmutableMap.copyOf(settings);
  }

  private void requireNoReference(AlignmentLoss made) {
    if (betaLag != null) {
      throw new Refusal(
          BETA_LAG,
          "has no effect, since the loss " + made.name() + " has no reference; give --beta");
    }
    if (!(reference() instanceof FixedReference)) {
      throw new Refusal(
          REFERENCE,
          String.format(
              Locale.ROOT,
              "%s has no effect, since the loss %s has no reference; leave one of them" + " out",
              reference(),
              made.name()));
    }
  }
}
