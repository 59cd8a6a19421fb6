package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.InvalidRowException;
import java.util.stream.Collectors;

/**
 * A way in which data sets write their rows. Implementations are named after what stands in a row.
 */
abstract class Form {

  private final String name;
  private final ImmutableList<Column> needs;

  Form(String name, Column... needs) {
    this.name = name;
    this.needs = ImmutableList.copyOf(needs);
  }

  /** The name by which a person asks for the form. */
  final String name() {
    return name;
  }

  /** The columns that a row needs; optional ones are of no matter. */
  final ImmutableList<Column> needs() {
    return needs;
  }

  /** The columns that a row needs and what they hold, for a person. */
  final String columns() {
    return needs.stream().map(Column::toString).collect(Collectors.joining(", "));
  }

  /** Whether a row has the columns of the form, holding the kinds of values that it reads. */
  final boolean fits(Fields row) {
    return needs.stream().allMatch(column -> column.isIn(row)) && !isExcluded(row);
  }

  /** Whether something else in a row says that it has another form. */
  boolean isExcluded(Fields row) {
    return false;
  }

  /**
   * Reads the rows of a record, at least one or a drop.
   *
   * @throws InvalidRowException if a field is not what is read
   */
  abstract void read(Fields row, RowSink rows) throws InvalidRowException;

  /** Whether {@link Turns} matter. */
  boolean hasTurns() {
    return false;
  }

  /** Whether a {@link PairChoice} matters. */
  boolean hasChoiceOfPairs() {
    return false;
  }
}
