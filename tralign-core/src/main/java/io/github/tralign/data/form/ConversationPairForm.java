package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.InvalidRowException;

/**
 * A prompt as a list of messages, and two answers, each a text, a message or a list of messages.
 */
final class ConversationPairForm extends ColumnMapping {

  private final String prompt;
  private final String chosen;
  private final String rejected;

  ConversationPairForm(String name, String prompt, String chosen, String rejected) {
    super(name, Column.list(prompt), Column.answer(chosen), Column.answer(rejected));
    this.prompt = prompt;
    this.chosen = chosen;
    this.rejected = rejected;
  }

  /**
   * Whole conversations beside {@code messages} are {@link ChatDialogueForm}, as in UltraFeedback.
   */
  @Override
  boolean isExcluded(FieldReader row) {
    return prompt.equals("messages") && row.hasList(chosen) && row.hasList(rejected);
  }

  @Override
  void read(FieldReader row, RowSink rows) throws InvalidRowException {
    rows.row(
        Messages.row(
            row,
            Messages.of(row, prompt),
            ImmutableList.of(Messages.answer(row, chosen), Messages.answer(row, rejected)),
            Judgements.ofPair(row)));
  }
}
