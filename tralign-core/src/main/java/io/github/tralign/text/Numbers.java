package io.github.tralign.text;

import java.util.Locale;

/** Numbers in messages, the same in every language of the system. */
public final class Numbers {

  private Numbers() {}

  /**
   * A number of things, such as {@code 1 row} or {@code 1,234 rows}.
   *
   * @param noun for one of them; its plural ends in s
   */
  public static String count(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }

  /** With a fixed number of digits behind the point. What is rounded to zero has no sign. */
  public static String fixed(double number, int digits) {
    String text = String.format(Locale.ROOT, "%." + digits + "f", number);
    return text.startsWith("-")
            && text.chars().noneMatch(it -> it >= '1' && it <= '9')
            && Double.isFinite(number)
        ? text.substring(1)
        : text;
  }
}
