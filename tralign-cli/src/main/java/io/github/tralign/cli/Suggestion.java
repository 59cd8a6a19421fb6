package io.github.tralign.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known name that a misspelled one was meant to be. */
final class Suggestion {

  private Suggestion() {}

  /** {@code "; did you mean --beta?"}, or nothing where no known name is close. */
  static String hint(String word, Collection<String> known) {
    return to(word, known).map(name -> "; did you mean " + name + "?").orElse("");
  }

  /** The known name with the fewest changes, if at most a third of the word has to change. */
  static Optional<String> to(String word, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt((String name) -> distance(word, name)).thenComparing(n -> n))
        .filter(name -> 3 * distance(word, name) <= Math.max(3, word.length()) + 1);
  }

  /**
   * Insertions, deletions, replacements and swaps of neighbours between two words (optimal string
   * alignment).
   */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], 1 + d[i - 2][j - 2]);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
