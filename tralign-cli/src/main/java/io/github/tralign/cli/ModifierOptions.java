package io.github.tralign.cli;

import io.github.tralign.TR;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.FDivergence;
import io.github.tralign.loss.PairwiseLoss;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Modifiers that any loss can have. */
final class ModifierOptions {

  private static final String DIVERGENCE = "--divergence";
  private static final String REFERENCE_FREE = "--reference-free";
  private static final String WPO = "--wpo";
  private static final String LD_ALPHA = "--ld-alpha";

  /** How WPO weights pairs. */
  enum Wpo {
    PLAIN,
    CLAMPED;

    @Override
    public String toString() {
      return this == PLAIN ? "plain" : "clamped";
    }
  }

  @Option(
      names = LossSettings.SFT_WEIGHT,
      paramLabel = "W",
      description = {
        "Adds W times the NLL of the chosen completions, the mean over the batch's tokens."
            + " Default: 1 for cpo and its forms, 0.1 for slic, else none."
      })
  private @Nullable Double sftWeight;

  @Option(
      names = DIVERGENCE,
      paramLabel = "NAME",
      description = {
        "Distance from the reference: reverse-kl, forward-kl, js or alpha:A (1 is the reverse, 0"
            + " the forward KL). Default: reverse-kl."
      })
  private @Nullable FDivergence divergence;

  @Option(
      names = REFERENCE_FREE,
      description = "Uses log-probabilities instead of log-ratios, without a reference.")
  private boolean referenceFree;

  @Option(
      names = WPO,
      arity = "0..1",
      fallbackValue = "plain",
      paramLabel = "NAME",
      description = {
        "Weights each pair by its probability under the policy: plain, or clamped at 1. Without"
            + " a name: plain. Default: no weights."
      })
  private @Nullable Wpo wpo;

  @Option(
      names = LD_ALPHA,
      paramLabel = "A",
      description = {
        "Length desensitization: weight of the tokens beyond the length of the shorter"
            + " completion, in [0, 1]. Default: 1, no effect."
      })
  private @Nullable Double ldAlpha;

  /** A loss with these modifiers. */
  AlignmentLoss modify(LossKind kind, AlignmentLoss plain) {
    AlignmentLoss loss = plain;
    FDivergence f = divergence;
    if (f != null) {
      loss = modified(DIVERGENCE, kind, loss, it -> it.divergence(f));
    }
    if (referenceFree) {
      loss = modified(REFERENCE_FREE, kind, loss, PairwiseLoss::referenceFree);
    }
    if (wpo != null) {
      loss = modified(WPO, kind, loss, it -> wpo == Wpo.CLAMPED ? it.wpo().clamp() : it.wpo());
    }
    Double alpha = ldAlpha;
    if (alpha != null) {
      AlignmentLoss sofar = loss;
      loss = Refusal.naming(LD_ALPHA, () -> sofar.lengthDesensitized(alpha));
    }
    Double weight = sftWeight;
    if (weight != null && !kind.defaults.containsKey(LossSettings.SFT_WEIGHT)) {
      AlignmentLoss sofar = loss;
      loss = Refusal.naming(LossSettings.SFT_WEIGHT, () -> sofar.plus(weight, TR.sft()));
    }
    return loss;
  }

  private static AlignmentLoss modified(
      String option,
      LossKind kind,
      AlignmentLoss loss,
      Function<PairwiseLoss, AlignmentLoss> modifier) {
    if (loss instanceof PairwiseLoss pairwise) {
      return Refusal.naming(option, () -> modifier.apply(pairwise));
    }
    throw new Refusal(
        option, "modifies losses that are a mean over pairs, which --loss " + kind + " is not");
  }
}
