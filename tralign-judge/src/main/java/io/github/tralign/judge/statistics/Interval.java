package io.github.tralign.judge.statistics;

/** An interval that holds an estimated number with some confidence. */
public record Interval(double low, double high) {

  private static final double Z_95 = 1.959963984540054;

  /** Whether the number lies within. */
  public boolean contains(double number) {
    return low <= number && number <= high;
  }

  /**
   * The interval of a share with 95 % confidence by Wilson's score ("Probable inference, the law of
   * succession, and statistical inference", 1927).
   *
   * @param hits in [0, trials]
   * @param trials ≥ 1
   */
  public static Interval wilson(long hits, long trials) {
    if (trials < 1 || hits < 0 || hits > trials) {
      throw new IllegalArgumentException(hits + " of " + trials + " is no share");
    }
    double share = (double) hits / trials;
    double z2 = Z_95 * Z_95 / trials;
    double middle = (share + z2 / 2) / (1 + z2);
    double half = Z_95 / (1 + z2) * Math.sqrt((share * (1 - share) + z2 / 4) / trials);
    return new Interval(Math.max(0, middle - half), Math.min(1, middle + half));
  }
}
