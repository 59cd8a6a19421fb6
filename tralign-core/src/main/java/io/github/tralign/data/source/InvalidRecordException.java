package io.github.tralign.data.source;

/** An invalid record in a data file, after which reading can continue. */
public final class InvalidRecordException extends Exception {

  private static final long serialVersionUID = 1;

  /** The kind of error. */
  public enum Kind {
    /** The bytes are not valid UTF-8. */
    ENCODING,
    /** The text is not valid in the file's format. */
    SYNTAX
  }

  private final Kind kind;
  private final String origin;
  private final String detail;

  /**
   * Creates an exception.
   *
   * @param origin such as {@code data.jsonl:7}
   * @param detail what is wrong and what would be right
   */
  public InvalidRecordException(Kind kind, String origin, String detail) {
    super(origin + ": " + detail);
    this.kind = kind;
    this.origin = origin;
    this.detail = detail;
  }

  /** The kind of error. */
  public Kind kind() {
    return kind;
  }

  /** The location of the record. */
  public String origin() {
    return origin;
  }

  /** What is wrong and what would be right. */
  public String detail() {
    return detail;
  }
}
