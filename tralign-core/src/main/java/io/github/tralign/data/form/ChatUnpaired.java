package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.InvalidRowException;

/** A prompt and a completion as lists of messages, and whether the completion is desirable. */
final class ChatUnpaired implements Form {

  @Override
  public String name() {
    return "chat-unpaired";
  }

  @Override
  public String columns() {
    return "lists of messages 'prompt', 'completion', and 'label', true or false";
  }

  @Override
  public boolean fits(Fields row) {
    return row.hasList("prompt") && row.hasList("completion") && row.has("label");
  }

  @Override
  public void read(Fields row, RowSink rows) throws InvalidRowException {
    rows.row(
        Messages.row(
            row,
            Messages.of(row, "prompt"),
            ImmutableList.of(Messages.completion(row, "completion")),
            Judgements.ofLabelled(row)));
  }
}
