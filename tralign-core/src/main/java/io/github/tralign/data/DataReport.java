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
 * What happened to the rows that were read: the first thing to check when a result is unexpected.
 *
 * @param sources the files, in the order in which they were read; empty for data from memory
 * @param rows rows read: used + dropped
 * @param used rows that became examples
 * @param dropped the dropped rows, by reason
 * @param cutPrompts prompts that were truncated to the maximum prompt length
 * @param cutCompletions completions that were truncated, and so lost the end-of-sequence token
 * @param boundaryMerges rows in which a token spans the end of the prompt, so that the example's
 *     prompt is shorter than the tokenized prompt
 * @param identicalPairs pairs of two equal completions, possibly because of truncation; they
 *     express no preference
 * @param promptTokens tokens of all prompts, each prompt counted once
 * @param completionTokens tokens of all completions
 * @param longestSequence tokens of the longest prompt with one completion
 * @param statistics statistics of the used rows
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
   * The rows that were dropped for one reason.
   *
   * @param count how many, at least 1
   * @param firstOrigins locations of the first of them, such as {@code data.jsonl:7}
   */
  public record Drop(long count, ImmutableList<String> firstOrigins) {

    @Override
    public String toString() {
      String more = count > firstOrigins.size() ? ", …" : "";
      return count + " (" + String.join(", ", firstOrigins) + more + ")";
    }
  }

  /** The report as lines of text; counts of zero are omitted. */
  public List<String> summary() {
    List<String> lines = new ArrayList<>();
    for (SourceReport source : sources) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%s: %s%s, SHA-256 %.12s…",
              source.path(),
              Numbers.count(source.rows(), "row"),
              source.whole() ? "" : " read, the rest not needed",
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
    dropped.forEach((reason, drop) -> lines.add("dropped because " + reason + ": " + drop));
    if (dropped.containsKey(DropReason.NO_PROMPT_TOKEN)) {
      lines.add(
          "--begin-with-eos, or beginWithEndOfSequence(true), keeps rows without a prompt token:"
              + " it puts the end-of-sequence token before them");
    }
    addUnlessZero(lines, cutPrompts, "prompts truncated to their maximum length");
    addUnlessZero(lines, cutCompletions, "completions truncated");
    addUnlessZero(lines, boundaryMerges, "rows where a token spans the end of the prompt");
    addUnlessZero(lines, identicalPairs, "pairs of two equal completions");
    addUnlessZero(
        lines, statistics.duplicates(), "rows that repeat an earlier one, token by token");
    return List.copyOf(lines);
  }

  /** The {@link #summary} as one string. */
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
