package io.github.tralign.train;

/** Refuses numbers outside their range. */
final class Requirement {

  private Requirement() {}

  /**
   * Refuses a value for which something does not hold.
   *
   * @throws IllegalArgumentException that names the value and its range
   */
  static void require(boolean holds, String name, String range, Number value) {
    if (!holds) {
      throw new IllegalArgumentException("the " + name + " must be " + range + ", not " + value);
    }
  }
}
