package io.github.tralign.data.row;

/**
 * A row of a file that cannot be used.
 *
 * @param reason the kind of fault, by which faults are counted
 * @param origin the file and line, such as {@code data.jsonl:7}
 * @param detail what exactly is wrong and what would be right
 */
public record RowFault(DropReason reason, String origin, String detail) {

  /** The whole message for a person: {@code data.jsonl:7: …}. */
  public String message() {
    return origin + ": " + detail;
  }
}
