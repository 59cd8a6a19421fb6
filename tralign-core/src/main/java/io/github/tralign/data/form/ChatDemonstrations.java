package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.InvalidRowException;

/** A prompt and the completion to imitate, as lists of messages. */
final class ChatDemonstrations implements Form {

  @Override
  public String name() {
    return "chat-prompt-completion";
  }

  @Override
  public String columns() {
    return "lists of messages 'prompt', 'completion', and no 'label'";
  }

  @Override
  public boolean fits(Fields row) {
    return row.hasList("prompt") && row.hasList("completion") && !Forms.holdsPreference(row);
  }

  @Override
  public void read(Fields row, RowSink rows) throws InvalidRowException {
    rows.row(
        Messages.row(
            row,
            Messages.of(row, "prompt"),
            ImmutableList.of(Messages.completion(row, "completion")),
            Judgements.ofOne(row)));
  }
}
