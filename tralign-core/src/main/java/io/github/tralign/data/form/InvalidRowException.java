package io.github.tralign.data.form;

import io.github.tralign.data.DropReason;
import io.github.tralign.data.RowFault;

/** Carries the fault of one row from where it is found to where it is refused or counted. */
final class InvalidRowException extends Exception {

  private static final long serialVersionUID = 1;

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
