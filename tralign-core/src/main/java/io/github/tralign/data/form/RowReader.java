package io.github.tralign.data.form;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.Row;
import java.util.Iterator;

/**
 * The rows of data files, one at a time. Invalid rows are reported to the consumer with which the
 * reader was opened. Not thread-safe.
 */
public interface RowReader extends Iterator<Row>, AutoCloseable {

  /** Rows from memory: each is a record, and none is invalid. */
  static RowReader of(Iterator<? extends Row> rows) {
    requireNonNull(rows, "rows");
    return new MemoryRows(rows);
  }

  /**
   * Whether there is another row; reads up to it.
   *
   * @throws InvalidInputException if a file cannot be read further, contains no record, or the form
   *     of its rows is not clear
   */
  @Override
  boolean hasNext();

  /**
   * Number of records read so far, including invalid ones; a record results in any number of rows.
   */
  long records();

  /** The files that were opened, with what was read from each. Ends reading. */
  ImmutableList<SourceReport> sources();

  @Override
  void close();
}
