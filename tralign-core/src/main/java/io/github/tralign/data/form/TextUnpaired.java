package io.github.tralign.data.form;

import io.github.tralign.data.InvalidRowException;

/** A prompt and a completion as texts, and whether the completion is desirable. */
final class TextUnpaired implements Form {

  @Override
  public String name() {
    return "unpaired";
  }

  @Override
  public String columns() {
    return "texts 'prompt', 'completion', and 'label', true or false";
  }

  @Override
  public boolean fits(Fields row) {
    return row.hasText("prompt") && row.hasText("completion") && row.has("label");
  }

  @Override
  public void read(Fields row, RowSink rows) throws InvalidRowException {
    rows.row(
        Texts.one(
            row, row.text("prompt"), row.completion("completion"), Judgements.ofLabelled(row)));
  }
}
