package io.github.tralign.cli;

import io.github.tralign.data.Example;
import io.github.tralign.data.form.DataFiles;
import io.github.tralign.data.form.RowReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The places of examples among all rows of the data, invalid and dropped rows included. Runs
 * through the files once, in step with the examples. Several examples of one row have the same
 * place.
 */
final class RowNumbers implements AutoCloseable {

  /** The number of the first row. */
  static final class Options {

    static final String FIRST_INDEX = "--first-index";
    private static final long LARGEST = 1_000_000_000_000_000L; // exact in any reader of JSON

    @Option(
        names = FIRST_INDEX,
        paramLabel = "N",
        description = "Number of the first row in --output, for a part of larger data. Default: 0.")
    private @Nullable Long first;

    boolean isGiven() {
      return first != null;
    }

    void check() {
      if (first != null && (first < 0 || first > LARGEST)) {
        throw new Refusal(FIRST_INDEX, "must be in [0, " + LARGEST + "], not " + first);
      }
    }

    RowNumbers open(DataFiles files) {
      return new RowNumbers(files.open(fault -> {}), first == null ? 0 : first);
    }
  }

  private final RowReader rows;
  private final long first;
  private String origin = "";
  private long row = -1;

  private RowNumbers(RowReader rows, long first) {
    this.rows = rows;
    this.first = first;
  }

  /** The number of an example's row. To be asked for the examples in their order. */
  long of(Example example) {
    while (!origin.equals(example.origin())) {
      origin = rows.next().origin();
      row = first + rows.records() - 1;
    }
    return row;
  }

  @Override
  public void close() {
    rows.close();
  }
}
