package io.github.tralign.data.form;

import io.github.tralign.data.row.Row;

/** Where a form puts the rows of a record. */
interface RowSink {

  /** Takes a row. */
  void row(Row row);

  /** Counts a pair that cannot be one, since both completions have the same score. */
  void tie();
}
