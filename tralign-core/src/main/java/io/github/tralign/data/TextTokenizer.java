package io.github.tralign.data;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.Ints;
import io.github.tralign.data.row.DropReason;
import io.github.tralign.data.row.Row;
import io.github.tralign.data.row.RowFault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Turns the texts of rows into examples.
 *
 * <p>The prompt and the prompt with each completion are tokenized as whole texts, and the prompt of
 * the example is their longest common prefix; the tokens after it are scored. Tokenizing the parts
 * separately would break tokenizers that mark the beginning of a text, and would tokenize a
 * completion as the model never sees it. If a token spans the end of the prompt, the common prefix
 * is shorter than the tokenized prompt; the row is used and counted as a boundary merge. This is
 * the rule of TRL 1.16. If no token precedes a single completion, its first token becomes the
 * prompt. {@link EosAppender} defines how completions end, {@link RowTexts} the texts of a
 * conversation. Rows are independent of each other.
 */
final class TextTokenizer {

  private final Tokenizer tokenizer;
  private final boolean endsTexts;
  private final boolean addsNothing;
  private final LengthLimits limits;
  private final int[] beginning; // if the tokenizer puts no token before a text

  TextTokenizer(
      Tokenizer tokenizer,
      EosAppender endings,
      LengthLimits limits,
      boolean beginWithEndOfSequence) {
    this.tokenizer = tokenizer;
    this.endsTexts = endings.addedByTokenizer();
    this.addsNothing = tokenizer.encode("").length == 0;
    this.limits = limits;
    this.beginning =
        beginWithEndOfSequence
            ? tokenizer.encodeWritten(List.of(tokenizer.endOfSequence())).get(0)
            : new int[0];
  }

  /** The result for each row, in order. */
  List<TokenizedRow> tokenize(List<RowTexts> rows) {
    try {
      return encode(rows);
    } catch (TokenizationException e) {
      int at = 0;
      while (!holds(rows.get(at), e.text())) {
        at++;
      }
      List<TokenizedRow> tokenized = new ArrayList<>(tokenize(rows.subList(0, at)));
      tokenized.add(
          new TokenizedRow.Faulty(
              new RowFault(
                  DropReason.TEXT, rows.get(at).row().origin(), String.valueOf(e.getMessage()))));
      tokenized.addAll(tokenize(rows.subList(at + 1, rows.size())));
      return tokenized;
    }
  }

  private boolean holds(RowTexts row, String text) {
    return row.parts(cut(row)).stream().anyMatch(it -> it.contains(text));
  }

  private List<TokenizedRow> encode(List<RowTexts> rows) {
    List<TokenizedRow> tokenized = new ArrayList<>(rows.size());
    Iterator<int[]> whole = tokenizer.encodeAll(parts(rows, false)).iterator();
    Iterator<int[]> part = tokenizer.encodeWritten(parts(rows, true)).iterator();
    for (RowTexts row : rows) {
      boolean written = isEncodedAsWritten(row);
      Iterator<int[]> encoded = written ? part : whole;
      int[] shared = cut(row) > 0 ? encoded.next() : new int[0];
      int[] prompt = unended(Ints.concat(shared, encoded.next()), written);
      List<int[]> wholes = new ArrayList<>(row.wholes().size());
      row.wholes().forEach(it -> wholes.add(Ints.concat(shared, encoded.next())));
      tokenized.add(split(row.row(), prompt, wholes));
    }
    return tokenized;
  }

  private List<String> parts(List<RowTexts> rows, boolean written) {
    List<String> parts = new ArrayList<>(4 * rows.size());
    for (RowTexts row : rows) {
      if (isEncodedAsWritten(row) == written) {
        parts.addAll(row.parts(cut(row)));
      }
    }
    return parts;
  }

  /** Where a row's texts are split, so that their common part is tokenized once. */
  private int cut(RowTexts row) {
    return isEncodedAsWritten(row) ? tokenizer.lastCut(row.prompt()) : 0;
  }

  private boolean isEncodedAsWritten(RowTexts row) {
    return row.written() || addsNothing;
  }

  /**
   * The prompt's tokens without the end-of-sequence token that a tokenizer may append to every
   * text.
   */
  private int[] unended(int[] prompt, boolean written) {
    boolean ended = !written && endsTexts && prompt.length > 0;
    return ended ? Arrays.copyOf(prompt, prompt.length - 1) : prompt;
  }

  private TokenizedRow split(Row row, int[] promptAlone, List<int[]> wholes) {
    if (beginning.length > 0 && shared(promptAlone, wholes) == 0) {
      List<int[]> begun = wholes.stream().map(it -> Ints.concat(beginning, it)).toList();
      return split(row, Ints.concat(beginning, promptAlone), begun);
    }
    int split = promptLength(promptAlone, wholes);
    int promptTokens = Math.min(split, limits.prompt());
    int room = Math.min(limits.total() - promptTokens, limits.completion());
    int cut = (int) wholes.stream().filter(it -> it.length - split > room).count();
    boolean cutsPrompt = promptTokens < split;
    if (promptTokens == 0) {
      return new TokenizedRow.Dropped(DropReason.NO_PROMPT_TOKEN, row.origin());
    } else if (promptTokens >= limits.total()) {
      return new TokenizedRow.Dropped(DropReason.PROMPT_FILLS_LENGTH, row.origin());
    } else if (wholes.stream().anyMatch(it -> it.length == split)) {
      return new TokenizedRow.Dropped(DropReason.NO_COMPLETION_TOKEN, row.origin());
    } else if (limits.truncation() == Truncation.DROP && (cutsPrompt || cut > 0)) {
      return new TokenizedRow.Dropped(DropReason.TOO_LONG, row.origin());
    }
    ImmutableList<ImmutableIntArray> completions =
        wholes.stream().map(it -> slice(it, split, room)).collect(toImmutableList());
    ImmutableIntArray prompt = prompt(wholes.get(0), split, promptTokens);
    return new TokenizedRow.Used(
        new Example(prompt, completions, row.judgement(), row.origin()),
        cutsPrompt,
        cut,
        split < promptAlone.length);
  }

  /** The first {@code length} of the tokens, of which {@code kept} are kept. */
  private ImmutableIntArray prompt(int[] tokens, int length, int kept) {
    if (kept == length || limits.truncation() == Truncation.KEEP_START) {
      return slice(tokens, 0, kept);
    }
    int[] end = Arrays.copyOfRange(tokens, length - kept, length);
    if (kept > 1 && tokenizer.beginOfSequence().orElse(-1) == tokens[0]) {
      end[0] = tokens[0];
    }
    return ImmutableIntArray.copyOf(end);
  }

  /** The number of tokens of the prompt; the tokens after it are scored. */
  private static int promptLength(int[] promptAlone, List<int[]> wholes) {
    if (promptAlone.length == 0 && wholes.size() == 1) {
      return Math.min(
          1,
          wholes.get(0)
              .length); // the first token has nothing to be predicted from, so it is the prompt
    }
    return shared(promptAlone, wholes);
  }

  private static int shared(int[] promptAlone, List<int[]> wholes) {
    return wholes.stream().mapToInt(it -> commonPrefix(promptAlone, it)).min().orElse(0);
  }

  private static int commonPrefix(int[] a, int[] b) {
    int difference = Arrays.mismatch(a, b);
    return difference < 0 ? a.length : difference;
  }

  private static ImmutableIntArray slice(int[] tokens, int from, int atMost) {
    int length = Math.min(atMost, tokens.length - from);
    return ImmutableIntArray.copyOf(Arrays.copyOfRange(tokens, from, from + length));
  }
}
