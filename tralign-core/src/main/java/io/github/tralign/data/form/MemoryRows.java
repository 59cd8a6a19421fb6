package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.Row;
import java.util.Iterator;

/** Rows from memory. */
final class MemoryRows implements RowReader {

  private final Iterator<? extends Row> rows;
  private long read;

  MemoryRows(Iterator<? extends Row> rows) {
    this.rows = rows;
  }

  @Override
  public boolean hasNext() {
    return rows.hasNext();
  }

  @Override
  public Row next() {
    Row row = rows.next();
    read++;
    return row;
  }

  @Override
  public long records() {
    return read;
  }

  /** None: nothing was opened. */
  @Override
  public ImmutableList<SourceReport> sources() {
    return ImmutableList.of();
  }

  @Override
  public void close() {}
}
