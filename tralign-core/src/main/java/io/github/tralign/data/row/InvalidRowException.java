package io.github.tralign.data.row;

/** Carries the fault of one row from where it is found to where it is refused or counted. */
public final class InvalidRowException extends Exception {

  private static final long serialVersionUID = 1;

  private final DropReason reason;
  private final String detail;

  /**
   * Tells what is wrong with a row.
   *
   * @param detail what exactly is wrong and what would be right
   */
  public InvalidRowException(DropReason reason, String detail) {
    super(detail);
    this.reason = reason;
    this.detail = detail;
  }

  /** The fault, with the place where the row comes from. */
  public RowFault at(String origin) {
    return new RowFault(reason, origin, detail);
  }
}
