package io.github.tralign.report;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts of a run as a page may show them. Names come from files and from people's own losses; one
 * with a control character could change the order of the letters around it or hide some of them.
 */
final class Shown {

  /** Control and format characters, so bidirectional ones too, and separators of lines. */
  private static final Pattern UNSEEN =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Zl}\\p{Zp}&&[^\\n\\t]]");

  /** Longer texts are cut: whole files have been given as names. */
  private static final int LONGEST = 4_000;

  private Shown() {}

  /** The text with each character that has no shape of its own as {@code \\u202e}. */
  static String text(String text) {
    String start =
        text.length() <= LONGEST
            ? text
            : String.format(
                Locale.ROOT, "%s… (%,d characters)", text.substring(0, LONGEST), text.length());
    return UNSEEN.matcher(start).replaceAll(it -> Matcher.quoteReplacement(code(it.group())));
  }

  /**
   * The same for HTML.
   *
   * @param text as text or as the value of an attribute
   */
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

  /** A name as HTML that is broken behind its separators, where a line has to be. */
  static String name(String name) {
    return html(name).replaceAll("([/:=,]+)(?=[^/:=, ])", "$1<wbr>");
  }

  private static String code(String character) {
    return String.format(Locale.ROOT, "\\u%04x", character.codePointAt(0));
  }
}
