package io.github.tralign.cli;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.reference.FixedReference;
import io.github.tralign.reference.ReferencePolicy;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The loss, and how the reference moves ({@link ReferenceConverter} reads its rule). */
final class LossOptions {

  static final String REFERENCE = "--reference";

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
            + " ±D. Settings follow as in soft:A:warmup=100, see docs/command-line.md."
            + " Default: ${DEFAULT-VALUE}."
      })
  private @Nullable ReferencePolicy reference = new FixedReference();

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
        Refusal.naming(settings.keySet(), () -> loss.make(new LossSettings(settings, seed)));
    AlignmentLoss made = modifiers.modify(loss, plain);
    settings.forEach((option, value) -> command.findOption(option).setValue(value));
    if (!made.usesReference()) {
      requireNoReference(made);
      reference = null;
    }
    return made;
  }

  /** Given settings over defaults; rejected if the loss has no such setting. */
  private ImmutableMap<String, Object> settings(CommandSpec command) {
    Map<String, Object> settings = new LinkedHashMap<>(loss.defaults);
    for (String option : LossSettings.options()) {
      Object given = command.findOption(option).getValue();
      if (given != null && loss.defaults.containsKey(option)) {
        settings.put(option, given);
      } else if (given != null && !option.equals(LossSettings.SFT_WEIGHT)) {
        throw new Refusal(option, "has no effect with --loss " + loss + "; leave one of them out");
      }
    }
    return ImmutableMap.copyOf(settings);
  }

  private void requireNoReference(AlignmentLoss made) {
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
