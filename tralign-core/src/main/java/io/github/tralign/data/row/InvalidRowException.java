package io.github.tralign.data.row;

/** A row is invalid. Caught where invalid rows are reported or counted. */
public final class InvalidRowException extends Exception {

  private static final long serialVersionUID = 1;

  private final DropReason reason;
  private final String detail;

  /**
   * Creates an exception.
   *
   * @param detail what is wrong and what would be right
   */
  public InvalidRowException(DropReason reason, String detail) {
    super(detail);
    this.reason = reason;
    this.detail = detail;
  }

  /** The fault, with the location of the row. */
  public RowFault at(String origin) {
    return new RowFault(reason, origin, detail);
  }
}
