package io.github.tralign.data.form;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.row.Row;
import java.util.Iterator;

/**
 * The rows of data files, one at a time. Invalid rows went to whom the reader was opened for. Not
 * safe for use by several threads.
 */
public interface RowReader extends Iterator<Row>, AutoCloseable {

  /** Rows that a program made itself: each is a record, and none is invalid. */
  static RowReader of(Iterator<? extends Row> rows) {
    requireNonNull(rows, "rows");
    return new MemoryRows(rows);
  }

  /**
   * Whether there is another row; reads up to it.
   *
   * @throws InvalidInputException if a file cannot be read on, holds no record, or its rows' form
   *     is not clear
   */
  @Override
  boolean hasNext();

  /** Records read so far, faulty ones included; a record gives a row, or several, or none. */
  long records();

  /** The files that were opened, with what was read of each. Ends reading. */
  ImmutableList<SourceReport> sources();

  @Override
  void close();
}
