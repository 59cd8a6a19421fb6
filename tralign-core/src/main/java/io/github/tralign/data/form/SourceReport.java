package io.github.tralign.data.form;

import java.util.List;

/**
 * A file that rows came from.
 *
 * @param path the file as it was named by the caller
 * @param sha256 of the file's bytes as they are stored, in hex
 * @param rows records read from it
 * @param whole whether these are all; a limit, or a mix of files that came to its end, leaves the
 *     rest unread
 * @param unreadColumns names of columns that hold something in a row and were not read, the first
 *     100
 */
public record SourceReport(
    String path, String sha256, long rows, boolean whole, List<String> unreadColumns) {

  /** Copies the names. */
  public SourceReport {
    unreadColumns = List.copyOf(unreadColumns);
  }
}
