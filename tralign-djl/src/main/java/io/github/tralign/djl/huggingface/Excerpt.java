package io.github.tralign.djl.huggingface;

import java.util.Locale;

/** Text from a file, made safe for a one-line message. */
final class Excerpt {
  private static final int LONGEST = 120;

  private Excerpt() {}

  /** {@code text} in single quotes, without control characters, shortened if it is very long. */
  static String of(String text) {
    return "'" + plain(text) + "'";
  }

  /** {@code text} without quotes, without control characters, shortened if it is very long. */
  static String plain(String text) {
    String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < shown.length(); i++) {
      char c = shown.charAt(i);
      if (Character.isISOControl(c)) {
        safe.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        safe.append(c);
      }
    }
    return safe.toString();
  }
}
