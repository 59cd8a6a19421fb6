package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.InvalidRowException;

/** OpenAI's rows for preference fine-tuning: an input with messages, and two outputs. */
final class OpenAiPairForm extends ColumnMapping {

  private static final String INPUT = "input";

  OpenAiPairForm() {
    super(
        "openai-pairs",
        Column.object(INPUT),
        Column.answer("preferred_output"),
        Column.answer("non_preferred_output"));
  }

  @Override
  void read(FieldReader row, RowSink rows) throws InvalidRowException {
    FieldReader input = row.object(INPUT);
    rows.row(
        Messages.row(
            input, // which contains the tools
            Messages.of(input, "messages"),
            ImmutableList.of(
                Messages.answer(row, "preferred_output"),
                Messages.answer(row, "non_preferred_output")),
            Judgements.ofPair(row)));
  }
}
