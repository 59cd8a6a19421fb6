package io.github.tralign.djl.chat.jinja;

import java.util.Locale;

/**
 * Bounds the work and the memory of one rendering. Every primitive operation is charged for the
 * size of its input and output before it runs. Charges are never refunded, so one limit bounds both
 * work and memory.
 *
 * <p>A unit is about one character. The limit grows with the template's input, so that work linear
 * in the length of the conversation is always allowed.
 */
final class Budget {

  /** Deepest nesting of values, and of tags and expressions in the source. */
  static final int MAX_NESTING = 100;

  /** Deepest nesting of running macros, loops and expressions. */
  private static final int MAX_RUNNING = 200;

  /** Units for an item of a collection, a variable or a number. */
  private static final int ITEM = 8;

  /** Units that each rendering may spend. */
  private static final long BASE = 10_000_000;

  /** Further units for each unit of input. */
  private static final long PER_INPUT_UNIT = 25;

  private long limit = BASE;
  private long spent;
  private int running;

  /** Raises the limit for an input value. */
  void allowFor(long characters) {
    limit += PER_INPUT_UNIT * (characters + ITEM);
  }

  /**
   * Charges for characters that are read or written, or for steps of work.
   *
   * @throws JinjaException if the limit is exceeded
   */
  void charge(long units) {
    if (units > limit - spent) {
      throw new JinjaException(
          String.format(
              Locale.ROOT,
              "it takes more than %d units of work, the limit for its input; a unit is a character or a"
                  + " step",
              limit));
    }
    spent += units;
  }

  /** Charges for items that are visited, copied or created. */
  void chargeItems(long count) {
    charge(count > limit ? Long.MAX_VALUE : count * ITEM);
  }

  /** Charges for a search, which in the worst case compares at each position of the text. */
  void chargeSearch(String text, String part) {
    charge(1 + text.length() * (1 + part.length() / 16L));
  }

  /** Enters a nested part of the template; {@link #leave} ends it. */
  void enter() {
    charge(1);
    if (++running > MAX_RUNNING) {
      throw new JinjaException(
          "macros, loops and expressions are nested more than " + MAX_RUNNING + " deep");
    }
  }

  void leave() {
    running--;
  }

  /**
   * The depth of a value inside one at {@code depth}.
   *
   * @throws JinjaException if it is too deep
   */
  static int deeper(int depth) {
    if (depth >= MAX_NESTING) {
      throw new JinjaException("a value is nested more than " + MAX_NESTING + " deep");
    }
    return depth + 1;
  }

  long spent() {
    return spent;
  }

  long limit() {
    return limit;
  }
}
