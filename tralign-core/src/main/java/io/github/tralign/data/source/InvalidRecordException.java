package io.github.tralign.data.source;

/** A place in a data file that is no record, behind which the file can be read on. */
public final class InvalidRecordException extends Exception {

  private static final long serialVersionUID = 1;

  /** What kind of thing is wrong. */
  public enum Kind {
    /** The bytes are no text. */
    ENCODING,
    /** The text is not what the kind of file asks for. */
    SYNTAX
  }

  private final Kind kind;
  private final String origin;
  private final String detail;

  /**
   * Tells what is wrong and where.
   *
   * @param origin such as {@code data.jsonl:7}
   * @param detail what exactly is wrong and what would be right
   */
  public InvalidRecordException(Kind kind, String origin, String detail) {
    super(origin + ": " + detail);
    this.kind = kind;
    this.origin = origin;
    this.detail = detail;
  }

  /** What kind of thing is wrong. */
  public Kind kind() {
    return kind;
  }

  /** Where it is. */
  public String origin() {
    return origin;
  }

  /** What exactly is wrong and what would be right. */
  public String detail() {
    return detail;
  }
}
