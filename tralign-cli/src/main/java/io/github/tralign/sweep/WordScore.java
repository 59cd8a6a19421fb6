package io.github.tralign.sweep;

import static java.util.stream.Collectors.joining;

import io.github.tralign.InvalidInputException;
import io.github.tralign.file.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Counts given words in answers: a score that no model gives, and a weak one. */
public final class WordScore {

  private final Pattern pattern;

  private WordScore(Pattern pattern) {
    this.pattern = pattern;
  }

  /** Counts any of these words or phrases, as whole words in any case. */
  static WordScore of(List<String> words) {
    String any = words.stream().map(Pattern::quote).collect(joining("|"));
    return new WordScore(
        Pattern.compile(
            "(?<![\\p{L}\\p{N}])(?:" + any + ")(?![\\p{L}\\p{N}])",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
  }

  /**
   * Reads a file with a word or phrase in each line.
   *
   * @throws InvalidInputException if it cannot be read or has none
   */
  public static WordScore read(Path file) {
    try {
      List<String> words =
          Files.readAllLines(file).stream().map(String::strip).filter(it -> !it.isEmpty()).toList();
      if (words.isEmpty()) {
        throw new InvalidInputException(file + ": has no word; one is expected in each line");
      }
      return of(words);
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + Reason.of(e), e);
    }
  }

  /** How often a text has any of the words. */
  long in(String text) {
    return pattern.matcher(text).results().count();
  }
}
