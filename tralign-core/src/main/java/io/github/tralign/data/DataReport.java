package io.github.tralign.data;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.form.SourceReport;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.text.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What became of the rows that were read: the first thing to look at when a run surprises.
 *
 * @param sources the files, in the order in which they were read; empty for data made in memory
 * @param rows rows read, that is used + dropped
 * @param used rows that became examples
 * @param dropped the rows that did not, by reason
 * @param cutPrompts prompts that lost tokens to a maximal prompt length
 * @param cutCompletions completions that lost their end, and with it the end-of-sequence token
 * @param boundaryMerges rows where a token spans the end of the prompt, so that the example's
 *     prompt is shorter than the prompt's own tokens
 * @param identicalPairs pairs of two equal completions, perhaps by cutting: there is nothing to
 *     prefer
 * @param promptTokens tokens of all prompts, each counted once
 * @param completionTokens tokens of all completions
 * @param longestSequence tokens of the longest prompt with one completion
 * @param statistics what the used rows look like
 */
public record DataReport(
    ImmutableList<SourceReport> sources,
    long rows,
    long used,
    ImmutableMap<DropReason, Drop> dropped,
    long cutPrompts,
    long cutCompletions,
    long boundaryMerges,
    long identicalPairs,
    long promptTokens,
    long completionTokens,
    int longestSequence,
    DataStatistics statistics) {

  /**
   * Rows that were dropped for one reason.
   *
   * @param count how many, at least 1
   * @param firstOrigins where the first of them are, such as {@code data.jsonl:7}
   */
  public record Drop(long count, ImmutableList<String> firstOrigins) {

    @Override
    public String toString() {
      String more = count > firstOrigins.size() ? ", …" : "";
      return count + " (" + String.join(", ", firstOrigins) + more + ")";
    }
  }

  /** The report in lines for a person; what did not happen is left out. */
  public List<String> summary() {
    List<String> lines = new ArrayList<>();
    for (SourceReport source : sources) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%s: %s%s, SHA-256 %.12s…",
              source.path(),
              Numbers.count(source.rows(), "row"),
              source.whole() ? "" : " read, not all",
              source.sha256()));
      if (!source.unreadColumns().isEmpty()) {
        lines.add("columns not read: " + String.join(", ", source.unreadColumns()));
      }
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d of %s used: %s, %s, longest sequence %,d",
            used,
            Numbers.count(rows, "row"),
            Numbers.count(promptTokens, "prompt token"),
            Numbers.count(completionTokens, "completion token"),
            longestSequence));
    dropped.forEach((reason, drop) -> lines.add("dropped, " + reason + ": " + drop));
    if (dropped.containsKey(DropReason.NO_PROMPT_TOKEN)) {
      lines.add(
          "--begin-with-eos, or beginWithEndOfSequence(true), uses the rows without a token of the"
              + " prompt: it puts the end-of-sequence token before them");
    }
    addUnlessZero(lines, cutPrompts, "prompts cut to their maximal length");
    addUnlessZero(lines, cutCompletions, "completions cut at their end");
    addUnlessZero(lines, boundaryMerges, "rows where a token spans the end of the prompt");
    addUnlessZero(lines, identicalPairs, "pairs of two equal completions");
    addUnlessZero(
        lines, statistics.duplicates(), "rows that repeat an earlier one, token by token");
    return List.copyOf(lines);
  }

  /** The {@link #summary} as one text. */
  @Override
  public String toString() {
    return String.join("\n", summary());
  }

  private static void addUnlessZero(List<String> lines, long count, String what) {
    if (count > 0) {
      lines.add(String.format(Locale.ROOT, "%s: %,d", what, count));
    }
  }
}
