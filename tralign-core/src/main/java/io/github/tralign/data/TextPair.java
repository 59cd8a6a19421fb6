package io.github.tralign.data;

/**
 * A preference pair as text: one row of a data file.
 *
 * @param prompt what both completions continue; may be empty, though most tokenizers then leave no
 *     token to predict from
 * @param chosen the preferred completion; at least one character, blanks count
 * @param rejected the other completion; at least one character, blanks count
 * @param origin where the row comes from, such as {@code data.jsonl:7}; for messages only
 */
public record TextPair(String prompt, String chosen, String rejected, String origin) {

  /**
   * Checks the completions.
   *
   * @throws IllegalArgumentException if a completion has no character
   */
  public TextPair {
    if (chosen.isEmpty() || rejected.isEmpty()) {
      throw new IllegalArgumentException(origin + ": a completion needs at least one character");
    }
  }

  /** A pair that was made in memory. */
  public static TextPair of(String prompt, String chosen, String rejected) {
    return new TextPair(prompt, chosen, rejected, "in memory");
  }
}
