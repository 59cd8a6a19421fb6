package io.github.tralign.data.row;

/**
 * A row of a file that is invalid or dropped.
 *
 * @param reason the reason, by which rows are counted
 * @param origin the file and line, such as {@code data.jsonl:7}
 * @param detail what is wrong and what would be right
 */
public record RowFault(DropReason reason, String origin, String detail) {

  /** The complete message: {@code data.jsonl:7: …}. */
  public String message() {
    return origin + ": " + detail;
  }
}
