package io.github.tralign.data.row;

/** One row of data before it is tokenized: as plain text, or as the messages of a conversation. */
public sealed interface Row permits TextRow, ChatRow {

  /** Weight, label, margin and win probability. */
  Judgement judgement();

  /** Where the row comes from, such as {@code data.jsonl:7}; used in messages only. */
  String origin();
}
