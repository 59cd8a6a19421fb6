package io.github.tralign.data;

/** Carries the fault of one row from where it is found to where it is refused or counted. */
final class InvalidRowException extends Exception {

  private final DropReason reason;
  private final String detail;

  InvalidRowException(DropReason reason, String detail) {
    super(detail);
    this.reason = reason;
    this.detail = detail;
  }

  RowFault at(String origin) {
    return new RowFault(reason, origin, detail);
  }
}
