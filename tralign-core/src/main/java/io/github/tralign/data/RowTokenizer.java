package io.github.tralign.data;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Turns text rows into examples.
 *
 * <p>The text of the end-of-sequence token is appended to each completion that does not end with
 * it. Then the prompt and the prompt with each completion are encoded as whole texts, and the
 * prompt of the example is their longest common prefix: what follows is scored. Encoding the parts
 * apart would break tokenizers that mark the beginning of a text, and would tokenize a completion
 * as the model never sees it. Where a token spans the end of the prompt, the common prefix is
 * shorter than the prompt's own tokens; the row is used and counted as a boundary merge. This is
 * the rule of TRL 1.16.
 */
final class RowTokenizer {

  private final Tokenizer tokenizer;
  private final LengthLimits limits;
  private final Tally tally;

  RowTokenizer(Tokenizer tokenizer, LengthLimits limits, Tally tally) {
    this.tokenizer = tokenizer;
    this.limits = limits;
    this.tally = tally;
  }

  /** The examples of the rows that leave something to learn, in order; the others are counted. */
  List<Example> tokenize(List<TextRow> rows) {
    List<String> texts = new ArrayList<>(3 * rows.size());
    for (TextRow row : rows) {
      texts.add(row.prompt());
      row.completions().forEach(completion -> texts.add(row.prompt() + ended(completion)));
    }
    List<int[]> encoded = tokenizer.encodeAll(texts);
    List<Example> examples = new ArrayList<>(rows.size());
    int next = 0;
    for (TextRow row : rows) {
      int[] prompt = encoded.get(next++);
      List<int[]> whole = encoded.subList(next, next += row.completions().size());
      split(row, prompt, whole, examples);
    }
    return examples;
  }

  private String ended(String completion) {
    String end = tokenizer.endOfSequence();
    return completion.endsWith(end) ? completion : completion + end;
  }

  private void split(TextRow row, int[] promptAlone, List<int[]> whole, List<Example> to) {
    int split = whole.stream().mapToInt(it -> commonPrefix(promptAlone, it)).min().orElse(0);
    int from = Math.max(0, split - limits.prompt());
    int promptTokens = split - from;
    if (promptTokens == 0) {
      tally.dropped(DropReason.NO_PROMPT_TOKEN, row.origin());
    } else if (promptTokens >= limits.total()) {
      tally.dropped(DropReason.PROMPT_FILLS_LENGTH, row.origin());
    } else if (whole.stream().anyMatch(it -> it.length == split)) {
      tally.dropped(DropReason.NO_COMPLETION_TOKEN, row.origin());
    } else {
      int room = Math.min(limits.total() - promptTokens, limits.completion());
      ImmutableList<ImmutableIntArray> completions =
          whole.stream().map(it -> slice(it, split, room)).collect(toImmutableList());
      ImmutableIntArray prompt = slice(promptAlone, from, promptTokens);
      Example example = new Example(prompt, completions, row.judgement(), row.origin());
      tally.used(example);
      tally.cut(from > 0, (int) whole.stream().filter(it -> it.length - split > room).count());
      if (split < promptAlone.length) {
        tally.boundaryMerge();
      }
      to.add(example);
    }
  }

  private static int commonPrefix(int[] a, int[] b) {
    int difference = Arrays.mismatch(a, b);
    return difference < 0 ? a.length : difference;
  }

  private static ImmutableIntArray slice(int[] tokens, int from, int atMost) {
    int length = Math.min(atMost, tokens.length - from);
    return ImmutableIntArray.copyOf(tokens).subArray(from, from + length).trimmed();
  }
}
