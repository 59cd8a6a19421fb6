package io.github.tralign.figure;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A CSV table of numbers and plain words. */
public final class NumberTable {

  private final StringBuilder text = new StringBuilder();

  /** A table with a head for each column. */
  public NumberTable(List<?> heads) {
    row(heads);
  }

  /** Adds a row; doubles have nine significant digits. */
  public void row(List<?> cells) {
    text.append(cells.stream().map(NumberTable::cell).collect(Collectors.joining(",")))
        .append('\n');
  }

  private static String cell(Object value) {
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%.9g", number)
        : value.toString();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
