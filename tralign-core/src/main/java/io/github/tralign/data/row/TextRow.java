package io.github.tralign.data.row;

import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * One row of preference data as text.
 *
 * @param prompt the text that the completions continue; may be empty, although most tokenizers then
 *     give no token to predict from
 * @param completions at least one, the best first; each has at least one character; white space
 *     counts
 * @param judgement weight, label, margin and win probability
 * @param origin where the row comes from, such as {@code data.jsonl:7}; used in messages only
 */
public record TextRow(
    String prompt, ImmutableList<String> completions, Judgement judgement, String origin)
    implements Row {

  private static final String IN_MEMORY = "in memory";

  /**
   * Checks the completions.
   *
   * @throws IllegalArgumentException if there is no completion, or one is empty
   */
  public TextRow {
    requireNonNull(prompt, "prompt");
    requireNonNull(judgement, "judgement");
    requireNonNull(origin, "origin");
    if (completions.isEmpty()) {
      throw new IllegalArgumentException(origin + ": a row needs at least one completion");
    }
    if (completions.contains("")) {
      throw new IllegalArgumentException(origin + ": a completion needs at least one character");
    }
  }

  /** Copies the completions. */
  public TextRow(String prompt, List<String> completions, Judgement judgement, String origin) {
    this(
        prompt,
        ImmutableList.copyOf(requireNonNull(completions, "completions")),
        judgement,
        origin);
  }

  /** A preference pair from memory. */
  public static TextRow pair(String prompt, String chosen, String rejected) {
    requireNonNull(prompt, "prompt");
    requireNonNull(chosen, "chosen");
    requireNonNull(rejected, "rejected");
    return new TextRow(prompt, ImmutableList.of(chosen, rejected), Judgement.NONE, IN_MEMORY);
  }

  /** A completion labelled desirable or undesirable, from memory. */
  public static TextRow labelled(String prompt, String completion, boolean desirable) {
    requireNonNull(prompt, "prompt");
    requireNonNull(completion, "completion");
    return new TextRow(
        prompt, ImmutableList.of(completion), Judgement.labelled(desirable), IN_MEMORY);
  }

  /** The same row with another judgement. */
  public TextRow with(Judgement other) {
    requireNonNull(other, "other");
    return new TextRow(prompt, completions, other, origin);
  }
}
