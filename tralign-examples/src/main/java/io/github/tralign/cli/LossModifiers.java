package io.github.tralign.cli;

import io.github.tralign.TR;
import io.github.tralign.loss.AlignmentLoss;
import io.github.tralign.loss.FDivergence;
import io.github.tralign.loss.PairwiseLoss;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What changes a loss; each goes with the losses that it makes sense for, and is refused else. */
final class LossModifiers {

  @Option(
      names = "--reference-free",
      description = "Takes log-probabilities in the place of log-ratios; needs no reference.")
  private boolean referenceFree;

  @Option(
      names = "--divergence",
      paramLabel = "NAME",
      description = {
        "How the distance from the reference is measured: reverse-kl, forward-kl, js or alpha:A."
            + " Default: reverse-kl."
      })
  private @Nullable FDivergence divergence;

  @Option(
      names = "--wpo",
      description = "Weights each pair by how likely the policy itself is to write it.")
  private boolean wpo;

  @Option(
      names = "--ld-alpha",
      paramLabel = "A",
      description = {
        "Weight of the tokens by which a pair's longer completion is longer, in [0, 1]. Default: 1."
      })
  private @Nullable Double ldAlpha;

  /** The loss with what was asked for, and with a term for imitation if there is a weight. */
  AlignmentLoss apply(AlignmentLoss loss, @Nullable Double sftWeight) {
    AlignmentLoss modified = loss;
    if (referenceFree) {
      modified = pairwise("--reference-free", modified, PairwiseLoss::referenceFree);
    }
    FDivergence measure = divergence;
    if (measure != null) {
      modified = pairwise("--divergence", modified, it -> it.divergence(measure));
    }
    if (wpo) {
      modified = pairwise("--wpo", modified, PairwiseLoss::wpo);
    }
    if (ldAlpha != null) {
      AlignmentLoss whole = modified;
      double alpha = ldAlpha;
      modified = Refusal.naming("--ld-alpha", () -> whole.lengthDesensitized(alpha));
    }
    if (sftWeight != null) {
      AlignmentLoss without = modified;
      double weight = sftWeight;
      modified = Refusal.naming(LossSettings.SFT_WEIGHT, () -> without.plus(weight, TR.sft()));
    }
    return modified;
  }

  private static AlignmentLoss pairwise(
      String option, AlignmentLoss loss, Function<PairwiseLoss, AlignmentLoss> modifier) {
    if (loss instanceof PairwiseLoss pairwise) {
      return Refusal.naming(option, () -> modifier.apply(pairwise));
    }
    throw new Refusal(
        option, "changes the terms of single pairs, which the loss " + loss.name() + " has not");
  }
}
