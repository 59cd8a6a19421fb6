package io.github.tralign.data.form;

import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.row.Judgement;

/** The optional columns with judgements of completions. */
final class Judgements {

  /** Whether a completion is desirable; LLaMA-Factory calls it {@code kto_tag}. */
  static final Column LABEL = Column.value("label", "kto_tag");

  private Judgements() {}

  /**
   * The judgement of a pair: weight, margin or the two scores whose difference it is, win
   * probability.
   */
  static Judgement ofPair(FieldReader row) throws InvalidRowException {
    Judgement judgement = weight(row);
    try {
      if (row.has("margin")) {
        judgement = judgement.margin(row.number("margin"));
      } else if (row.has("score_chosen") || row.has("score_rejected")) {
        judgement = judgement.margin(row.number("score_chosen") - row.number("score_rejected"));
      }
      if (row.has("win_probability")) {
        judgement = judgement.winProbability(row.number("win_probability"));
      }
    } catch (IllegalArgumentException e) {
      throw new InvalidRowException(DropReason.FIELD, String.valueOf(e.getMessage()));
    }
    return judgement;
  }

  /** The judgement of a labelled completion. */
  static Judgement ofLabelled(FieldReader row) throws InvalidRowException {
    Judgement judgement = ofOne(row);
    return judgement.label(
        row.truth(row.has("label") ? "label" : "kto_tag")
            ? Judgement.Label.DESIRABLE
            : Judgement.Label.UNDESIRABLE);
  }

  /** The judgement of a single completion. */
  static Judgement ofOne(FieldReader row) throws InvalidRowException {
    if (row.has("margin") || row.has("win_probability")) {
      throw new InvalidRowException(
          DropReason.FIELD,
          "fields 'margin' and 'win_probability' compare two completions, but the row has one");
    }
    return weight(row);
  }

  /** The judgement of scored completions from which pairs are made. */
  static Judgement weight(FieldReader row) throws InvalidRowException {
    try {
      return row.has("weight") ? Judgement.NONE.weight(row.number("weight")) : Judgement.NONE;
    } catch (IllegalArgumentException e) {
      throw new InvalidRowException(DropReason.FIELD, String.valueOf(e.getMessage()));
    }
  }
}
