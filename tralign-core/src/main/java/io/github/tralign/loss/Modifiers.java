package io.github.tralign.loss;

import io.github.tralign.data.Example;
import io.github.tralign.data.row.Judgement;
import java.util.Locale;

/** What can be combined with what; refused in one wording. */
final class Modifiers {

  /** A row of pairs with all that may be known of it. */
  static final Example PAIR =
      Example.pair(new int[1], new int[1], new int[1])
          .with(Judgement.NONE.margin(1).winProbability(1));

  /** A labelled row. */
  static final Example LABELLED = Example.labelled(new int[1], new int[1], true);

  private Modifiers() {}

  /** Whether a loss takes rows like this one. */
  static boolean takes(AlignmentLoss loss, Example row) {
    try {
      loss.check(row);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether a loss is of a kind, or modifies one of that kind. */
  static boolean isOrModifies(AlignmentLoss loss, Class<? extends AlignmentLoss> kind) {
    return kind.isInstance(loss)
        || loss instanceof ModifiedLoss modified && isOrModifies(modified.loss(), kind);
  }

  /** Refuses a loss that is no mean of terms in single pairs, or is modified so already. */
  static void requireTerms(PairwiseLoss loss, String modifier, Class<? extends ModifiedLoss> kind) {
    require(!isOrModifies(loss, kind), loss, modifier, "it is so already");
    require(loss.tokenWeights() == TokenWeights.ONE, loss, modifier, "it weighs tokens itself");
    require(!loss.usesDivergence(), loss, modifier, "it reads the reference's distributions");
    require(
        !(loss instanceof PairwiseWithSft both && both.sftWeight() > 0),
        loss,
        modifier,
        "it holds an SFT term, which is no mean over pairs; add TR.sft() to the result instead");
  }

  /** Refuses a combination unless {@code holds}. */
  static void require(boolean holds, AlignmentLoss loss, String modifier, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "the loss %s cannot be made %s: %s", loss.name(), modifier, otherwise));
    }
  }
}
