package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.InvalidRowException;

/** A question of the user and two answers as texts: a pair of conversations. */
final class InstructionPairForm extends ColumnMapping {

  private final String chosen;
  private final String rejected;

  InstructionPairForm(String name, String chosen, String rejected) {
    super(name, Question.COLUMN, Column.text(chosen), Column.text(rejected));
    this.chosen = chosen;
    this.rejected = rejected;
  }

  @Override
  boolean isExcluded(FieldReader row) {
    return row.has("prompt") || TextDialogueForm.isDialogue(row, chosen, rejected);
  }

  @Override
  void read(FieldReader row, RowSink rows) throws InvalidRowException {
    rows.row(
        Messages.row(
            row,
            Question.of(row),
            ImmutableList.of(Messages.answer(row, chosen), Messages.answer(row, rejected)),
            Judgements.ofPair(row)));
  }
}
