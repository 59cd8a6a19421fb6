package io.github.tralign.data.form;

import io.github.tralign.data.row.InvalidRowException;

/** A prompt and two completions as texts. */
final class TextPairForm extends ColumnMapping {

  TextPairForm() {
    super("pairs", Column.text("prompt"), Column.text("chosen"), Column.text("rejected"));
  }

  @Override
  void read(FieldReader row, RowSink rows) throws InvalidRowException {
    rows.row(
        Texts.pair(row, row.text("prompt"), row.completion("chosen"), row.completion("rejected")));
  }
}
