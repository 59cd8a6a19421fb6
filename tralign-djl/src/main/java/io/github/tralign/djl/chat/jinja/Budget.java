package io.github.tralign.djl.chat.jinja;

import java.util.Locale;

/**
 * What one rendering may spend. Every primitive pays for the size of what it reads and of what it
 * writes before it does so; what is written is never given back, so that the work and the memory
 * are both bounded by one number.
 *
 * <p>A unit is about a character. The limit grows with what the template is given: work that is
 * linear in the conversation passes at any length.
 */
final class Budget {

  /** Of values within values, and of tags and expressions within each other in the source. */
  static final int MAX_NESTING = 100;

  /** Of macros, loops and expressions within each other while they run. */
  private static final int MAX_RUNNING = 200;

  /** Units of an item of a collection, a variable or a number. */
  private static final int ITEM = 8;

  /** Units that each rendering may spend. */
  private static final long ALWAYS = 10_000_000;

  /** Units for each one that the template is given. */
  private static final long PER_GIVEN = 25;

  private long limit = ALWAYS;
  private long spent;
  private int running;

  /** Counts a text that the template is given. */
  void given(long characters) {
    limit += PER_GIVEN * (characters + ITEM);
  }

  /**
   * Pays for characters that are read or written, or for steps of work.
   *
   * @throws TemplateFault if there is not that much left
   */
  void charge(long units) {
    if (units > limit - spent) {
      throw new TemplateFault(
          String.format(
              Locale.ROOT,
              "it takes more work than %d units, the limit for what it is given; a unit is a"
                  + " character or a step",
              limit));
    }
    spent += units;
  }

  /** Pays for items that are visited, copied or made. */
  void items(long count) {
    charge(count > limit ? Long.MAX_VALUE : count * ITEM);
  }

  /** Pays for a search, which compares a part at each place of a text in the worst case. */
  void search(String text, String part) {
    charge(1 + text.length() * (1 + part.length() / 16L));
  }

  /** Enters a piece of the template within another one; {@link #leave} ends it. */
  void enter() {
    charge(1);
    if (++running > MAX_RUNNING) {
      throw new TemplateFault(
          "macros, loops and expressions are nested more than " + MAX_RUNNING + " deep");
    }
  }

  void leave() {
    running--;
  }

  /** The depth of a value within another one. */
  static int deeper(int depth) {
    if (depth >= MAX_NESTING) {
      throw new TemplateFault("a value is nested more than " + MAX_NESTING + " deep");
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
