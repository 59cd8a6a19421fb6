package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.InvalidRowException;
import io.github.tralign.data.Message;

/**
 * A conversation and the answers that won and lost, as the authors of TR-DPO write them; an answer
 * is a message or its text alone.
 */
final class ContextPairs implements Form {

  @Override
  public String name() {
    return "context";
  }

  @Override
  public String columns() {
    return "a list of messages 'context', messages or texts 'answer_w', 'answer_l'";
  }

  @Override
  public boolean fits(Fields row) {
    return row.hasList("context") && row.has("answer_w") && row.has("answer_l");
  }

  @Override
  public void read(Fields row, RowSink rows) throws InvalidRowException {
    rows.row(
        Messages.row(
            row,
            Messages.of(row, "context"),
            ImmutableList.of(answer(row, "answer_w"), answer(row, "answer_l")),
            Judgements.ofPair(row)));
  }

  private static ImmutableList<Message> answer(Fields row, String field)
      throws InvalidRowException {
    return row.hasText(field)
        ? Messages.answer(row.completion(field))
        : Messages.completion(row, field);
  }
}
