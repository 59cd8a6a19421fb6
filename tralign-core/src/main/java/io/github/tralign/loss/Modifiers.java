package io.github.tralign.loss;

import io.github.tralign.data.Example;
import io.github.tralign.data.row.Judgement;
import java.util.Locale;

/** Checks which losses and modifiers can be combined. */
final class Modifiers {

  /** A pair with a complete judgement. */
  static final Example PAIR =
      Example.pair(new int[1], new int[1], new int[1])
          .with(Judgement.NONE.margin(1).winProbability(1));

  /** A labelled row. */
  static final Example LABELLED = Example.labelled(new int[1], new int[1], true);

  private Modifiers() {}

  /** Whether a loss accepts rows like this one. */
  static boolean takes(AlignmentLoss loss, Example row) {
    try {
      loss.check(row);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether a loss is an instance of a class, or modifies such an instance. */
  static boolean isOrModifies(AlignmentLoss loss, Class<? extends AlignmentLoss> kind) {
    return kind.isInstance(loss)
        || loss instanceof ModifiedLoss modified && isOrModifies(modified.loss(), kind);
  }

  /**
   * Rejects a loss that is not a mean of independent terms of pairs, or is already modified in this
   * way.
   */
  static void requireTerms(PairwiseLoss loss, String modifier, Class<? extends ModifiedLoss> kind) {
    require(!isOrModifies(loss, kind), loss, modifier, "it already is");
    require(loss.tokenWeights() == TokenWeights.ONE, loss, modifier, "it weights tokens itself");
    require(!loss.usesDivergence(), loss, modifier, "it reads the reference's distributions");
    require(
        !(loss instanceof PairwiseWithSft both && both.sftWeight() > 0),
        loss,
        modifier,
        "it contains an SFT term, which is not a mean over pairs; add TR.sft() to the result instead");
  }

  /** Rejects a combination unless {@code holds}. */
  static void require(boolean holds, AlignmentLoss loss, String modifier, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "the loss %s cannot be %s: %s", loss.name(), modifier, otherwise));
    }
  }
}
