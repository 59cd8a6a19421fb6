package io.github.tralign.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A text that grows, wrapped at blanks into lines of a width. */
final class WrappedText {

  private static final Set<Character.UnicodeScript> WIDE =
      Set.of(
          Character.UnicodeScript.HAN,
          Character.UnicodeScript.HANGUL,
          Character.UnicodeScript.HIRAGANA,
          Character.UnicodeScript.KATAKANA);

  private static final int EMOJI = 0x1F300;

  private final int width;
  private final List<String> lines = new ArrayList<>();
  private String last = ""; // the line that grows
  private boolean ended;

  WrappedText(int width) {
    this.width = Math.max(1, width);
  }

  /** Adds text; what could do something to a terminal is written out. */
  void add(String text) {
    String[] parts = Printable.after(last, text.replace("\t", "    ")).split("\n", -1);
    for (int i = 0; i < parts.length; i++) {
      if (i > 0) {
        breakLine(last, "");
      }
      last += parts[i];
      wrap();
    }
  }

  private void wrap() {
    while (width(last) > width) {
      int end = 0; // the longest beginning that fits
      while (width(last.substring(0, last.offsetByCodePoints(end, 1))) <= width) {
        end = last.offsetByCodePoints(end, 1);
      }
      int blank = last.lastIndexOf(' ', end);
      if (blank > 0) {
        breakLine(last.substring(0, blank), last.substring(blank + 1));
      } else {
        int cut = Math.max(end, last.offsetByCodePoints(0, 1));
        breakLine(last.substring(0, cut), last.substring(cut));
      }
    }
  }

  private void breakLine(String line, String rest) {
    lines.add(line);
    last = rest;
  }

  /** No text follows. */
  void end() {
    if (!ended && !last.isEmpty()) {
      breakLine(last, "");
    }
    ended = true;
  }

  /** The lines that no longer change. */
  List<String> lines() {
    return lines;
  }

  /** Whether a line no longer changes, or there is none and will be none. */
  boolean isComplete(int line) {
    return ended || line < lines.size();
  }

  /** The columns that a text takes on a terminal. */
  static int width(String text) {
    return text.codePoints().map(WrappedText::width).sum();
  }

  private static int width(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) { // a joiner; others are written out
      return 0;
    }
    boolean full = c >= 0xFF01 && c <= 0xFF60 || c >= 0x3000 && c <= 0x303F;
    return c >= EMOJI || full || WIDE.contains(Character.UnicodeScript.of(c)) ? 2 : 1;
  }
}
