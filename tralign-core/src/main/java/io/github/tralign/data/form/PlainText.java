package io.github.tralign.data.form;

import io.github.tralign.data.InvalidRowException;

/** A text to imitate as a whole: a completion without a prompt. */
final class PlainText implements Form {

  @Override
  public String name() {
    return "text";
  }

  @Override
  public String columns() {
    return "a text 'text'";
  }

  @Override
  public boolean fits(Fields row) {
    return row.hasText("text") && !Forms.holdsPreference(row);
  }

  @Override
  public void read(Fields row, RowSink rows) throws InvalidRowException {
    rows.row(Texts.one(row, "", row.completion("text"), Judgements.ofOne(row)));
  }
}
