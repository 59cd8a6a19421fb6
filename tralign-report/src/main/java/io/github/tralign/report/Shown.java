package io.github.tralign.report;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes texts of a run safe to display. Names come from files and custom losses; a control
 * character in one could reorder or hide the letters around it.
 */
final class Shown {

  /** Control and format characters, including bidirectional ones, and line separators. */
  private static final Pattern UNSEEN =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Zl}\\p{Zp}&&[^\\n\\t]]");

  /** Longest displayed text, in characters; whole files have been used as names. */
  private static final int LONGEST = 4_000;

  private Shown() {}

  /** The text with invisible characters escaped, such as {@code \\u202e}. */
  static String text(String text) {
    String start =
        text.length() <= LONGEST
            ? text
            : String.format(
                Locale.ROOT, "%s… (%,d characters)", text.substring(0, LONGEST), text.length());
    return UNSEEN.matcher(start).replaceAll(it -> Matcher.quoteReplacement(code(it.group())));
  }

  /** The text, escaped for HTML text and attribute values. */
  static String html(String text) {
    StringBuilder html = new StringBuilder();
    for (char c : text(text).toCharArray()) {
      switch (c) {
        case '&' -> html.append("&amp;");
        case '<' -> html.append("&lt;");
        case '>' -> html.append("&gt;");
        case '"' -> html.append("&quot;");
        case '\'' -> html.append("&#39;");
        default -> html.append(c);
      }
    }
    return html.toString();
  }

  /** A name as HTML, in which lines may break after separators. */
  static String name(String name) {
    return html(name).replaceAll("([/:=,]+)(?=[^/:=, ])", "$1<wbr>");
  }

  private static String code(String character) {
    return String.format(Locale.ROOT, "\\u%04x", character.codePointAt(0));
  }
}
