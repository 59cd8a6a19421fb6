package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.InvalidRowException;

/** A prompt and a completion for supervised fine-tuning, as lists of messages. */
final class ChatDemonstrationForm extends ColumnMapping {

  ChatDemonstrationForm() {
    super("chat-prompt-completion", Column.list("prompt"), Column.list("completion"));
  }

  @Override
  boolean isExcluded(FieldReader row) {
    return Forms.holdsPreference(row);
  }

  @Override
  void read(FieldReader row, RowSink rows) throws InvalidRowException {
    rows.row(
        Messages.row(
            row,
            Messages.of(row, "prompt"),
            ImmutableList.of(Messages.answer(row, "completion")),
            Judgements.ofOne(row)));
  }
}
