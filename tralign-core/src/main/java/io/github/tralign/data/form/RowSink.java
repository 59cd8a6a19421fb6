package io.github.tralign.data.form;

import io.github.tralign.data.row.Row;

/** Receives the rows of a record from a form. */
interface RowSink {

  /** Takes a row. */
  void row(Row row);

  /** Counts a pair that is dropped because both completions have the same score. */
  void tie();
}
