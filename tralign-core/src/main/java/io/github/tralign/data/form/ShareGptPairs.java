package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.InvalidRowException;

/** A conversation of {@code from} and {@code value}, and two messages that answer it. */
final class ShareGptPairs implements Form {

  @Override
  public String name() {
    return "sharegpt-pairs";
  }

  @Override
  public String columns() {
    return "a list of messages 'conversations', messages 'chosen', 'rejected'";
  }

  @Override
  public boolean fits(Fields row) {
    return row.hasList("conversations") && answer(row, "chosen") && answer(row, "rejected");
  }

  private static boolean answer(Fields row, String field) {
    return row.hasObject(field) || row.hasList(field);
  }

  @Override
  public void read(Fields row, RowSink rows) throws InvalidRowException {
    rows.row(
        Messages.row(
            row,
            Messages.of(row, "conversations"),
            ImmutableList.of(
                Messages.completion(row, "chosen"), Messages.completion(row, "rejected")),
            Judgements.ofPair(row)));
  }
}
