package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.InvalidRowException;

/** An instruction and two responses, as argilla's data sets name them: a conversation of a turn. */
final class ArgillaPairs implements Form {

  @Override
  public String name() {
    return "argilla";
  }

  @Override
  public String columns() {
    return "texts 'instruction', 'chosen_response', 'rejected_response', perhaps 'system'";
  }

  @Override
  public boolean fits(Fields row) {
    return row.hasText("instruction")
        && row.hasText("chosen_response")
        && row.hasText("rejected_response");
  }

  @Override
  public void read(Fields row, RowSink rows) throws InvalidRowException {
    rows.row(
        Messages.row(
            row,
            Messages.question(row, "instruction"),
            ImmutableList.of(
                Messages.answer(row.completion("chosen_response")),
                Messages.answer(row.completion("rejected_response"))),
            Judgements.ofPair(row)));
  }
}
