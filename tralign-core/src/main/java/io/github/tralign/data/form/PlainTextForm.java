package io.github.tralign.data.form;

import io.github.tralign.data.row.InvalidRowException;

/** A text for supervised fine-tuning: a completion without a prompt. */
final class PlainTextForm extends ColumnMapping {

  PlainTextForm() {
    super("text", Column.text("text"));
  }

  @Override
  boolean isExcluded(FieldReader row) {
    return Forms.holdsPreference(row);
  }

  @Override
  void read(FieldReader row, RowSink rows) throws InvalidRowException {
    rows.row(Texts.one(row, "", row.completion("text"), Judgements.ofOne(row)));
  }
}
