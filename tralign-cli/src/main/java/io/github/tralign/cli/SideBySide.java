package io.github.tralign.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts that grow in columns side by side. A line is written when it is complete in all columns, so
 * that nothing that was written has to change.
 */
final class SideBySide {

  private static final String GAP = " │ ";

  private final PrintStream out;
  private final int width; // of a column
  private final List<WrappedText> columns = new ArrayList<>();
  private int written; // lines

  /**
   * Empty columns.
   *
   * @param terminal the width of all together
   */
  SideBySide(PrintStream out, int columns, int terminal) {
    this.out = out;
    this.width = (terminal - 1 - (columns - 1) * GAP.length()) / columns;
    for (int i = 0; i < columns; i++) {
      this.columns.add(new WrappedText(width));
    }
  }

  /** Adds text to a column. */
  void add(int column, String text) {
    columns.get(column).add(text);
    write();
  }

  /** A column is complete. */
  void end(int column) {
    columns.get(column).end();
    write();
  }

  private void write() {
    while (columns.stream().allMatch(it -> it.isComplete(written))
        && columns.stream().anyMatch(it -> written < it.lines().size())) {
      StringBuilder line = new StringBuilder();
      for (WrappedText column : columns) {
        String text = written < column.lines().size() ? column.lines().get(written) : "";
        line.append(line.isEmpty() ? "" : GAP)
            .append(text)
            .append(" ".repeat(Math.max(0, width - WrappedText.width(text))));
      }
      out.println(line.toString().stripTrailing());
      out.flush();
      written++;
    }
  }
}
