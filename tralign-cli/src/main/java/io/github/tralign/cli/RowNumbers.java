package io.github.tralign.cli;

import io.github.tralign.data.Example;
import io.github.tralign.data.form.DataFiles;
import io.github.tralign.data.form.RowReader;

/**
 * The places of examples among all rows of the data, invalid and dropped rows included. Runs
 * through the files once, in step with the examples. Several examples of one row have the same
 * place.
 */
final class RowNumbers implements AutoCloseable {

  private final RowReader rows;
  private String origin = "";
  private long row = -1;

  RowNumbers(DataFiles files) {
    this.rows = files.open(fault -> {});
  }

  /** The row of an example, from 0. To be asked for the examples in their order. */
  long of(Example example) {
    while (!origin.equals(example.origin())) {
      origin = rows.next().origin();
      row = rows.records() - 1;
    }
    return row;
  }

  @Override
  public void close() {
    rows.close();
  }
}
