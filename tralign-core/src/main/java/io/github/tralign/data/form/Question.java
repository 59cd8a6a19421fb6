package io.github.tralign.data.form;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.InvalidRowException;
import io.github.tralign.data.row.Message;
import io.github.tralign.text.Numbers;

/**
 * A question of the user in a column: Alpaca's {@code instruction} with its {@code input} on the
 * next line, or a {@code question}; after the earlier turns in {@code history}, a list of pairs of
 * question and answer.
 */
final class Question {

  private static final String INSTRUCTION = "instruction";
  private static final String INPUT = "input";

  /** The column of the question; an input alone is the question. */
  static final Column COLUMN = Column.text(INSTRUCTION, "question", INPUT);

  private Question() {}

  /** The messages up to the answer. */
  static ImmutableList<Message> of(FieldReader row) throws InvalidRowException {
    String column = COLUMN.names().stream().filter(row::has).findFirst().orElse(INSTRUCTION);
    String text = row.text(column);
    if (column.equals(INSTRUCTION) && row.says(INPUT)) {
      text =
          Joiner.on('\n')
              .join(Iterables.filter(ImmutableList.of(text, row.text(INPUT)), it -> !it.isEmpty()));
    }
    return ImmutableList.<Message>builder()
        .addAll(history(row))
        .add(Message.of(Messages.USER, text))
        .build();
  }

  private static ImmutableList<Message> history(FieldReader row) throws InvalidRowException {
    ImmutableList.Builder<Message> messages = ImmutableList.builder();
    if (row.says("history")) {
      FieldReader rounds = row.elements("history");
      for (int i = 0; i < rounds.size(); i++) {
        FieldReader round = rounds.elements("[" + i + "]");
        if (round.size() != 2) {
          throw rounds.invalid(
              DropReason.FIELD,
              "[" + i + "]",
              "has " + Numbers.count(round.size(), "text") + "; expected a question and an answer");
        }
        messages.add(Message.of(Messages.USER, round.text("[0]")));
        messages.add(Message.of(Message.ASSISTANT, round.text("[1]")));
      }
    }
    return messages.build();
  }
}
