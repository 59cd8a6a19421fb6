package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.InvalidRowException;

/**
 * Alpaca's rows: a question of the user and the answer, for supervised fine-tuning or with a label.
 */
final class InstructionForm extends ColumnMapping {

  private static final String ANSWER = "output";

  private final boolean labelled;

  private InstructionForm(String name, boolean labelled, Column... needs) {
    super(name, needs);
    this.labelled = labelled;
  }

  static InstructionForm demonstrated() {
    return new InstructionForm("alpaca", false, Question.COLUMN, Column.text(ANSWER));
  }

  static InstructionForm labelled() {
    return new InstructionForm(
        "alpaca-unpaired", true, Question.COLUMN, Column.text(ANSWER), Judgements.LABEL);
  }

  @Override
  boolean isExcluded(FieldReader row) {
    return labelled ? Forms.holdsCompletions(row) : Forms.holdsPreference(row);
  }

  @Override
  void read(FieldReader row, RowSink rows) throws InvalidRowException {
    rows.row(
        Messages.row(
            row,
            Question.of(row),
            ImmutableList.of(Messages.answer(row, ANSWER)),
            labelled ? Judgements.ofLabelled(row) : Judgements.ofOne(row)));
  }
}
