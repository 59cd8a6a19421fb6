package io.github.tralign.text;

import java.math.BigDecimal;
import java.math.MathContext;
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

  /**
   * With as many digits behind the point, or where the number is small, as many that are not
   * leading zeros: {@code 0.6931}, {@code 0.001234} or {@code 1.234e-07} for 4.
   */
  public static String significant(double number, int digits) {
    double size = Math.abs(number);
    if (size >= 0.1 || size == 0 || !Double.isFinite(number)) {
      return fixed(number, digits);
    }
    return size < 1e-4
        ? String.format(Locale.ROOT, "%." + (digits - 1) + "e", number)
        : fixed(number, digits - 1 - (int) Math.floor(Math.log10(size)));
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

  /**
   * Rounded to so many significant digits, without zeros at the end and without an exponent: {@code
   * 75} or {@code 0.0667} for 3.
   */
  public static String rounded(double number, int digits) {
    return Double.isFinite(number)
        ? new BigDecimal(number).round(new MathContext(digits)).stripTrailingZeros().toPlainString()
        : String.valueOf(number);
  }

  /**
   * A setting, with eight significant digits at most, since those beyond come from a computation:
   * {@code 0.05}, {@code 11.25} for 11.249999999999998, {@code 1e-6} or {@code 8}.
   */
  public static String setting(double number) {
    double shown =
        Double.isFinite(number)
            ? new BigDecimal(number).round(new MathContext(8)).doubleValue()
            : number;
    return Double.toString(shown).replaceFirst("\\.0(?=$|E)", "").replace('E', 'e');
  }
}
