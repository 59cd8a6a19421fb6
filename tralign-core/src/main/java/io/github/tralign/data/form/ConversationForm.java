package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.row.Judgement;
import io.github.tralign.data.row.Message;
import io.github.tralign.data.row.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * A conversation for supervised fine-tuning, with a choice of the turns to learn: {@code messages},
 * or ShareGPT's {@code conversations}.
 */
final class ConversationForm extends ColumnMapping {

  private final String column;
  private final Turns turns;

  ConversationForm(String name, String column, Turns turns) {
    super(name, Column.list(column));
    this.column = column;
    this.turns = turns;
  }

  @Override
  boolean isExcluded(FieldReader row) {
    return Forms.holdsPreference(row);
  }

  @Override
  void read(FieldReader row, RowSink rows) throws InvalidRowException {
    ImmutableList<Message> messages = Messages.endingWithAssistant(row, column);
    int last = messages.size() - 1;
    Judgement judgement = Judgements.ofOne(row);
    List<Row> turnRows = new ArrayList<>();
    for (int i = turns == Turns.ALL ? 0 : last; i <= last; i++) {
      if (messages.get(i).isAssistant()) {
        ImmutableList<Message> turn = messages.subList(i, i + 1);
        Messages.requireCompletion(turn, row, column);
        turnRows.add(Messages.row(row, messages.subList(0, i), ImmutableList.of(turn), judgement));
      }
    }
    turnRows.forEach(rows::row);
  }

  @Override
  boolean hasTurns() {
    return true;
  }
}
