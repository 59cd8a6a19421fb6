package io.github.tralign.data;

/** Carries the fault of one row from where it is found to where it is refused or counted. */
final class InvalidRowException extends Exception {

  private final DropReason reason;

  InvalidRowException(DropReason reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  RowFault at(String origin) {
    return new RowFault(reason, origin, getMessage());
  }
}
