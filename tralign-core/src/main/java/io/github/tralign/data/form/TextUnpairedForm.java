package io.github.tralign.data.form;

import io.github.tralign.data.row.InvalidRowException;

/** A prompt and a completion as texts, and whether the completion is desirable. */
final class TextUnpairedForm extends ColumnMapping {

  TextUnpairedForm() {
    super("unpaired", Column.text("prompt"), Column.text("completion"), Judgements.LABEL);
  }

  @Override
  void read(FieldReader row, RowSink rows) throws InvalidRowException {
    rows.row(
        Texts.one(
            row, row.text("prompt"), row.completion("completion"), Judgements.ofLabelled(row)));
  }
}
