package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.InvalidRowException;

/** A prompt and two completions as lists of messages. */
final class ChatPairs implements Form {

  @Override
  public String name() {
    return "chat-pairs";
  }

  @Override
  public String columns() {
    return "lists of messages 'prompt', 'chosen', 'rejected'";
  }

  @Override
  public boolean fits(Fields row) {
    return row.hasList("prompt") && row.hasList("chosen") && row.hasList("rejected");
  }

  @Override
  public void read(Fields row, RowSink rows) throws InvalidRowException {
    rows.row(
        Messages.row(
            row,
            Messages.of(row, "prompt"),
            ImmutableList.of(
                Messages.completion(row, "chosen"), Messages.completion(row, "rejected")),
            Judgements.ofPair(row)));
  }
}
