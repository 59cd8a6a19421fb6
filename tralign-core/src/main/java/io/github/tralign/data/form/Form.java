package io.github.tralign.data.form;

import io.github.tralign.data.InvalidRowException;

/**
 * A way in which data sets write their rows. Implementations are named after what stands in a row.
 */
interface Form {

  /** The name by which a person asks for the form. */
  String name();

  /** The columns that a row needs and what they hold, for a person. */
  String columns();

  /**
   * Whether a row has the columns of the form, holding the kinds of values that it reads. Optional
   * columns are of no matter.
   */
  boolean fits(Fields row);

  /**
   * Reads the rows of a record, at least one or a drop.
   *
   * @throws InvalidRowException if a field is not what is read; nothing was handed on then
   */
  void read(Fields row, RowSink rows) throws InvalidRowException;

  /** Whether {@link Turns} matter. */
  default boolean hasTurns() {
    return false;
  }

  /** Whether a {@link PairChoice} matters. */
  default boolean hasChoiceOfPairs() {
    return false;
  }
}
