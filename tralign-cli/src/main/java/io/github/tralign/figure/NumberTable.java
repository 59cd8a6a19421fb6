package io.github.tralign.figure;

import java.util.List;

/** A CSV table of numbers and plain words. */
public final class NumberTable {

  private final StringBuilder text = new StringBuilder();

  /** A table with a head for each column. */
  public NumberTable(List<?> heads) {
    row(heads);
  }

  /** Adds a row; doubles have nine significant digits. */
  public void row(List<?> cells) {
    text.append(CsvFile.line(cells)).append('\n');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
