package io.github.tralign.data.form;

import io.github.tralign.data.row.InvalidRowException;

/** A prompt and a completion for supervised fine-tuning, as texts. */
final class TextDemonstrationForm extends ColumnMapping {

  TextDemonstrationForm() {
    super("prompt-completion", Column.text("prompt"), Column.text("completion"));
  }

  @Override
  boolean isExcluded(FieldReader row) {
    return Forms.holdsPreference(row);
  }

  @Override
  void read(FieldReader row, RowSink rows) throws InvalidRowException {
    rows.row(
        Texts.one(row, row.text("prompt"), row.completion("completion"), Judgements.ofOne(row)));
  }
}
