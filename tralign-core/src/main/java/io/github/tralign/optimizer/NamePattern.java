package io.github.tralign.optimizer;

import com.google.common.primitives.Ints;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.PatternSyntaxException;

/**
 * A glob pattern of parameter names: {@code *} matches any characters, {@code ?} one character,
 * {@code [0-3]} one of several characters, {@code {a,b}} one of several texts. The whole name must
 * match. A leading {@code !} negates the pattern: {@code !*.layers.5.*} is every name except those
 * of layer 5.
 */
public final class NamePattern {

  private static final String NOT = "!";

  private final String text;
  private final boolean negated;
  private final PathMatcher matcher;

  private NamePattern(String text) {
    this.text = text;
    negated = text.startsWith(NOT);
    matcher = FileSystems.getDefault().getPathMatcher("glob:" + wildcards());
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if it is empty, or a bracket is not closed
   */
  public static NamePattern of(String text) {
    if (text.isEmpty() || text.equals(NOT)) {
      throw new IllegalArgumentException("the pattern of parameter names is empty");
    }
    try {
      return new NamePattern(text);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a valid pattern of names: " + e.getDescription(), e);
    }
  }

  /** Whether a name matches. */
  public boolean matches(String name) {
    return matcher.matches(Path.of(name)) != negated;
  }

  /** The names most similar to the pattern, the most similar first. */
  List<String> nearest(Collection<String> names, int number) {
    return names.stream()
        .sorted(Comparator.comparingInt(this::changes).thenComparing(Comparator.naturalOrder()))
        .limit(number)
        .toList();
  }

  /**
   * Edit distance from the pattern to the most similar part of a name; a star matches any text at
   * no cost.
   */
  private int changes(String name) {
    String pattern = wildcards();
    int[] before = new int[name.length() + 1]; // 0: the part may start anywhere
    for (int i = 0; i < pattern.length(); i++) {
      char wanted = pattern.charAt(i);
      int[] after = new int[before.length];
      after[0] = before[0] + (wanted == '*' ? 0 : 1);
      for (int j = 0; j < name.length(); j++) {
        boolean same = wanted == name.charAt(j) || wanted == '?';
        after[j + 1] =
            wanted == '*'
                ? Math.min(before[j + 1], after[j])
                : Math.min(before[j] + (same ? 0 : 1), 1 + Math.min(before[j + 1], after[j]));
      }
      before = after;
    }
    return Ints.min(before); // the part may end anywhere
  }

  private String wildcards() {
    return negated ? text.substring(NOT.length()) : text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NamePattern pattern && text.equals(pattern.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The pattern as it was given. */
  @Override
  public String toString() {
    return text;
  }
}
