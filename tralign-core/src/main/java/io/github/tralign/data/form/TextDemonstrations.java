package io.github.tralign.data.form;

import io.github.tralign.data.InvalidRowException;

/** A prompt and the completion to imitate, as texts. */
final class TextDemonstrations implements Form {

  @Override
  public String name() {
    return "prompt-completion";
  }

  @Override
  public String columns() {
    return "texts 'prompt', 'completion', and no 'label'";
  }

  @Override
  public boolean fits(Fields row) {
    return row.hasText("prompt") && row.hasText("completion") && !Forms.holdsPreference(row);
  }

  @Override
  public void read(Fields row, RowSink rows) throws InvalidRowException {
    rows.row(
        Texts.one(row, row.text("prompt"), row.completion("completion"), Judgements.ofOne(row)));
  }
}
