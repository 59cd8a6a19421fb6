package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.data.row.TextRow;

/** Rows of texts. */
final class Texts {

  private Texts() {}

  static TextRow pair(FieldReader row, String prompt, String chosen, String rejected)
      throws InvalidRowException {
    return new TextRow(
        prompt, ImmutableList.of(chosen, rejected), Judgements.ofPair(row), row.origin());
  }

  static TextRow one(FieldReader row, String prompt, String completion, Judgement judgement) {
    return new TextRow(prompt, ImmutableList.of(completion), judgement, row.origin());
  }
}
