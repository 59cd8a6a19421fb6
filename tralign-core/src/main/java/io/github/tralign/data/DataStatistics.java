package io.github.tralign.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Statistics of the used rows.
 *
 * @param prompts lengths of the prompts, one per row
 * @param chosen lengths of the chosen completions of pairs
 * @param rejected lengths of the rejected completions of pairs
 * @param others lengths of completions that do not belong to a pair
 * @param chosenLonger pairs whose chosen completion is the longer one
 * @param chosenShorter pairs whose chosen completion is the shorter one
 * @param desirable number of completions with this label
 * @param undesirable number of completions with this label
 * @param sharedTokens prompt tokens that are computed once and shared by several completions of a
 *     row
 * @param duplicates rows with the same tokens as an earlier row
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

  /** The share of tokens saved by sharing prompts, relative to separate sequences, in [0, 1). */
  public double sharedShare() {
    long computed = prompts.tokens() + chosen.tokens() + rejected.tokens() + others.tokens();
    return computed == 0 ? 0 : (double) sharedTokens / (computed + sharedTokens);
  }

  /**
   * Mean length of chosen minus mean length of rejected completions, in tokens; may be negative.
   */
  public double lengthBias() {
    return chosen.mean() - rejected.mean();
  }

  /** The statistics as lines of text. */
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
              "completions of a row share its prompt, which saves %.1f %% of the tokens",
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
