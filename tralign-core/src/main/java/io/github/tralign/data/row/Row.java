package io.github.tralign.data.row;

/** One row of data before it is tokenized: as plain text, or as the messages of a conversation. */
public sealed interface Row permits TextRow, ChatRow {

  /** What else is known of the row. */
  Judgement judgement();

  /** Where the row comes from, such as {@code data.jsonl:7}; for messages only. */
  String origin();
}
