package io.github.tralign.figure;

import com.google.common.base.Splitter;
import com.google.common.primitives.Longs;
import io.github.tralign.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The cells of one line of a CSV file. An invalid one is reported with file, line and column. */
public final class CsvCells {

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

  private final List<String> columns;
  private final String text;
  private final List<String> cells;
  private final String place;

  /**
   * Splits a line.
   *
   * @param columns the names of the columns, in order
   * @param place file and line, for messages
   * @throws InvalidInputException if it has not one cell for each column
   */
  CsvCells(List<String> columns, String text, String place) {
    this.columns = columns;
    this.text = text;
    this.cells = Splitter.on(',').splitToList(text);
    this.place = place;
    if (cells.size() != columns.size()) {
      throw new InvalidInputException(
          place + ": has " + cells.size() + " cells, not " + columns.size());
    }
  }

  /** The line. */
  public String text() {
    return text;
  }

  /** File and line, for messages. */
  public String place() {
    return place;
  }

  /** The value with the name that stands in a column. */
  public <T> T choice(String column, T[] values) {
    return Arrays.stream(values)
        .filter(it -> it.toString().equals(cell(column)))
        .findFirst()
        .orElseThrow(
            () ->
                invalid(
                    column,
                    "one of "
                        + Arrays.stream(values)
                            .map(Object::toString)
                            .collect(Collectors.joining(", "))));
  }

  /** A finite number in decimal notation. */
  public double number(String column) {
    String cell = cell(column);
    double value = NUMBER.matcher(cell).matches() ? Double.parseDouble(cell) : Double.NaN;
    if (!Double.isFinite(value)) {
      throw invalid(column, "a finite number");
    }
    return value;
  }

  /** A whole number that is no less than {@code least}. */
  public long whole(String column, long least) {
    Long value = Longs.tryParse(cell(column));
    if (value == null || value < least) {
      throw invalid(column, "a whole number of at least " + least);
    }
    return value;
  }

  /** The error that a cell has another value than expected. */
  public InvalidInputException invalid(String column, String expected) {
    return new InvalidInputException(
        place + ": " + column + " must be " + expected + ", not '" + cell(column) + "'");
  }

  /** The text of a cell. */
  public String cell(String column) {
    return cells.get(columns.indexOf(column));
  }
}
