package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.InvalidRowException;
import java.util.stream.Collectors;

/**
 * A form of data: how the columns of a record become the fields of a row. Implementations are named
 * after the contents of a row; {@link Forms} lists them.
 */
abstract class ColumnMapping {

  private final String name;
  private final ImmutableList<Column> needs;

  ColumnMapping(String name, Column... needs) {
    this.name = name;
    this.needs = ImmutableList.copyOf(needs);
  }

  /** The name of the form in options. */
  final String name() {
    return name;
  }

  /** The required columns. */
  final ImmutableList<Column> needs() {
    return needs;
  }

  /** The required columns with their types, for messages. */
  final String columns() {
    return needs.stream().map(Column::toString).collect(Collectors.joining(", "));
  }

  /** Whether a row has the columns of the form, with the right types. */
  final boolean fits(FieldReader row) {
    return needs.stream().allMatch(column -> column.isIn(row)) && !isExcluded(row);
  }

  /** Whether something else in a row shows that it has another form. */
  boolean isExcluded(FieldReader row) {
    return false;
  }

  /**
   * Reads the rows of a record: at least one row or tie.
   *
   * @throws InvalidRowException if a field is invalid
   */
  abstract void read(FieldReader row, RowSink rows) throws InvalidRowException;

  /** Whether {@link Turns} apply to this form. */
  boolean hasTurns() {
    return false;
  }

  /** Whether a {@link PairChoice} applies to this form. */
  boolean hasChoiceOfPairs() {
    return false;
  }
}
