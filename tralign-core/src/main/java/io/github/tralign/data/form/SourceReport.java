package io.github.tralign.data.form;

import java.util.List;

/**
 * A file from which rows were read.
 *
 * @param path the file as it was named by the caller
 * @param sha256 of the file's bytes as they are stored, in hex
 * @param rows records read from it
 * @param whole whether the file was read completely, not ended early by a limit or a mix
 * @param unreadColumns names of non-empty columns that were not read, the first 100
 */
public record SourceReport(
    String path, String sha256, long rows, boolean whole, List<String> unreadColumns) {

  /** Copies the names. */
  public SourceReport {
    unreadColumns = List.copyOf(unreadColumns);
  }
}
