package io.github.tralign.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Markdown as a part of another text: its headings are two levels lower, outside of code, and code
 * or a comment that it leaves open ends with it.
 */
final class DemotedMarkdown {

  private static final String ITEM = "(?:[-+*]|\\d{1,9}[.)])"; // how an item of a list begins
  private static final Pattern HEADING = Pattern.compile("( {0,3})(#{1,6})([ \\t].*)?");
  private static final Pattern UNDERLINE = Pattern.compile(" {0,3}(=+|-+)[ \\t]*");
  private static final Pattern COMMENT = Pattern.compile(" {0,3}<!--");
  private static final Pattern FENCE =
      Pattern.compile(" {0,3}(" + ITEM + "[ \\t]+)?(`{3,}(?=[^`]*$)|~{3,}).*");

  /** A quote, an item, HTML or a row of a table: a line below it underlines nothing. */
  private static final Pattern BLOCK =
      Pattern.compile(" {0,3}(?:[>|<].*|" + ITEM + "(?:[ \\t].*)?)|[ \\t:-]*\\|.*");

  private static final Pattern INDENTED_CODE = Pattern.compile(" {4}| {0,3}\\t");
  private static final Pattern RULE = Pattern.compile("-{3,}|_{3,}|\\*{3,}"); // without blanks

  private final StringBuilder text = new StringBuilder();
  private final List<String> paragraph = new ArrayList<>(); // which may turn out to be a heading
  private Fence fence = Fence.NONE;
  private boolean inComment;
  private boolean inBlock;

  private DemotedMarkdown() {}

  /**
   * How code began.
   *
   * @param marks none outside of code
   * @param indent of the item that it is in
   */
  private record Fence(String marks, int indent) {

    static final Fence NONE = new Fence("", 0);

    boolean isOpen() {
      return !marks.isEmpty();
    }

    boolean isClosedBy(String line) {
      String here = line.strip();
      return here.startsWith(marks)
          && here.replace(marks.substring(0, 1), "").isEmpty()
          && line.indexOf(here) <= indent + 3;
    }
  }

  /** The text with lower headings. */
  static String of(String markdown) {
    DemotedMarkdown demoted = new DemotedMarkdown();
    markdown.lines().forEach(demoted::add);
    return demoted.end();
  }

  private void add(String line) {
    if (fence.isOpen()) {
      put(line);
      fence = fence.isClosedBy(line) ? Fence.NONE : fence;
    } else if (inComment || COMMENT.matcher(line).lookingAt()) {
      put(line);
      inComment = !line.contains("-->");
    } else {
      addMarkdown(line);
    }
  }

  private void addMarkdown(String line) {
    Matcher mark = FENCE.matcher(line);
    Matcher heading = HEADING.matcher(line);
    Matcher underline = UNDERLINE.matcher(line);
    if (mark.matches()) {
      put(line);
      fence = new Fence(mark.group(2), mark.group(1) == null ? 0 : mark.start(2));
    } else if (heading.matches()) {
      String rest = heading.group(3) == null ? "" : heading.group(3);
      put(heading.group(1) + lower(heading.group(2).length()) + rest);
    } else if (underline.matches() && !paragraph.isEmpty()) {
      putParagraphAsHeading(underline.group(1).startsWith("=") ? 1 : 2);
    } else if (line.isBlank() || RULE.matcher(line.replaceAll("[ \\t]", "")).matches()) {
      put(line);
    } else if (inBlock || BLOCK.matcher(line).matches()) {
      put(line);
      inBlock = true;
    } else if (paragraph.isEmpty() && INDENTED_CODE.matcher(line).lookingAt()) {
      put(line);
    } else {
      paragraph.add(line);
    }
  }

  private static String lower(int level) {
    return "#".repeat(Math.min(6, level + 2));
  }

  private void putParagraphAsHeading(int level) {
    String first = paragraph.get(0);
    String indent = first.substring(0, first.indexOf(first.strip()));
    String words = String.join(" ", paragraph.stream().map(String::strip).toList());
    paragraph.clear();
    put(indent + lower(level) + " " + words);
  }

  private void put(String line) {
    paragraph.forEach(it -> text.append(it).append('\n'));
    paragraph.clear();
    text.append(line).append('\n');
    inBlock = false;
  }

  private String end() {
    put(fence.isOpen() ? " ".repeat(fence.indent()) + fence.marks() : inComment ? "-->" : "");
    return text.toString().strip();
  }
}
