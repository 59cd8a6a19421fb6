package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.InvalidRowException;

/** A prompt and a completion as lists of messages, and whether the completion is desirable. */
final class ChatUnpairedForm extends ColumnMapping {

  ChatUnpairedForm() {
    super("chat-unpaired", Column.list("prompt"), Column.list("completion"), Judgements.LABEL);
  }

  @Override
  void read(FieldReader row, RowSink rows) throws InvalidRowException {
    rows.row(
        Messages.row(
            row,
            Messages.of(row, "prompt"),
            ImmutableList.of(Messages.answer(row, "completion")),
            Judgements.ofLabelled(row)));
  }
}
