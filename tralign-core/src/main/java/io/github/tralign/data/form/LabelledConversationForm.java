package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.row.Message;

/** A whole conversation, and whether its last message is desirable. */
final class LabelledConversationForm extends ColumnMapping {

  private final String column;

  LabelledConversationForm(String name, String column) {
    super(name, Column.list(column), Judgements.LABEL);
    this.column = column;
  }

  @Override
  boolean isExcluded(FieldReader row) {
    return Forms.holdsCompletions(row);
  }

  @Override
  void read(FieldReader row, RowSink rows) throws InvalidRowException {
    ImmutableList<Message> messages = Messages.endingWithAssistant(row, column);
    int last = messages.size() - 1;
    ImmutableList<Message> completion = messages.subList(last, last + 1);
    Messages.requireCompletion(completion, row, column);
    rows.row(
        Messages.row(
            row,
            messages.subList(0, last),
            ImmutableList.of(completion),
            Judgements.ofLabelled(row)));
  }
}
