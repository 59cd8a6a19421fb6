package io.github.tralign.data.form;

import io.github.tralign.data.InvalidRowException;

/** A prompt and two completions as texts. */
final class TextPairs implements Form {

  @Override
  public String name() {
    return "pairs";
  }

  @Override
  public String columns() {
    return "texts 'prompt', 'chosen', 'rejected'";
  }

  @Override
  public boolean fits(Fields row) {
    return row.hasText("prompt") && row.hasText("chosen") && row.hasText("rejected");
  }

  @Override
  public void read(Fields row, RowSink rows) throws InvalidRowException {
    rows.row(
        Texts.pair(row, row.text("prompt"), row.completion("chosen"), row.completion("rejected")));
  }
}
