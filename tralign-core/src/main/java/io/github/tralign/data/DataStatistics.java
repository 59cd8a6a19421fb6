package io.github.tralign.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the rows that are used look like.
 *
 * @param prompts lengths of the prompts, one a row
 * @param chosen lengths of the chosen completions of pairs
 * @param rejected lengths of the rejected completions of pairs
 * @param others lengths of completions that are of no pair
 * @param chosenLonger pairs whose chosen completion is the longer one
 * @param chosenShorter pairs whose chosen completion is the shorter one
 * @param desirable completions labelled so
 * @param undesirable completions labelled so
 * @param sharedTokens prompt tokens that are not computed again since the completions of a row
 *     share them
 * @param duplicates rows that are, token by token, the same as an earlier one
 */
public record DataStatistics(
    LengthHistogram prompts,
    LengthHistogram chosen,
    LengthHistogram rejected,
    LengthHistogram others,
    long chosenLonger,
    long chosenShorter,
    long desirable,
    long undesirable,
    long sharedTokens,
    long duplicates) {

  /**
   * The share of shared prompt tokens in those that the sequences would have apart from each other,
   * in [0, 1).
   */
  public double sharedShare() {
    long computed = prompts.tokens() + chosen.tokens() + rejected.tokens() + others.tokens();
    return computed == 0 ? 0 : (double) sharedTokens / (computed + sharedTokens);
  }

  /** How much longer the chosen completion of a pair is in the mean, in tokens; may be negative. */
  public double lengthBias() {
    return chosen.mean() - rejected.mean();
  }

  /** The statistics in lines for a person. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    long pairs = chosen.count();
    if (pairs > 0) {
      lines.add(
          String.format(
              Locale.ROOT,
              "the chosen completion is longer in %.1f %% of the pairs, shorter in %.1f %%; the"
                  + " mean difference is %+.1f tokens",
              100.0 * chosenLonger / pairs,
              100.0 * chosenShorter / pairs,
              lengthBias()));
    }
    if (desirable + undesirable > 0) {
      lines.add(
          String.format(
              Locale.ROOT, "labels: %,d desirable, %,d undesirable", desirable, undesirable));
    }
    if (sharedTokens > 0) {
      lines.add(
          String.format(
              Locale.ROOT,
              "completions share their prompt: %.1f %% of the tokens are computed once for several",
              100 * sharedShare()));
    }
    lines.addAll(prompts.lines("prompts"));
    addUnlessEmpty(lines, "chosen completions", chosen);
    addUnlessEmpty(lines, "rejected completions", rejected);
    addUnlessEmpty(lines, "completions", others);
    return List.copyOf(lines);
  }

  private static void addUnlessEmpty(List<String> lines, String what, LengthHistogram lengths) {
    if (lengths.count() > 0) {
      lines.addAll(lengths.lines(what));
    }
  }
}
