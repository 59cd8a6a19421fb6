package io.github.tralign.data;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.Ints;
import io.github.tralign.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Turns rows into examples.
 *
 * <p>The prompt and the prompt with each completion are encoded as whole texts, and the prompt of
 * the example is their longest common prefix: what follows is scored. Encoding the parts apart
 * would break tokenizers that mark the beginning of a text, and would tokenize a completion as the
 * model never sees it. Where a token spans the end of the prompt, the common prefix is shorter than
 * the prompt's own tokens; the row is used and counted as a boundary merge. This is the rule of TRL
 * 1.16. How completions end is told by {@link Endings}, what a conversation's texts are by {@link
 * RowTexts}.
 */
final class RowTokenizer {

  private final Tokenizer tokenizer;
  private final Endings endings;
  private final boolean addsNothing;
  private final RowTexts.Writer writer;
  private final LengthLimits limits;
  private final Tally tally;
  private final Consumer<RowFault> faults;

  RowTokenizer(
      Tokenizer tokenizer,
      Optional<ChatTemplate> template,
      LengthLimits limits,
      Tally tally,
      Consumer<RowFault> faults) {
    this.tokenizer = tokenizer;
    this.endings = new Endings(tokenizer);
    this.addsNothing = tokenizer.encode("").length == 0;
    this.writer = new RowTexts.Writer(endings, template.orElse(RowTokenizer::none));
    this.limits = limits;
    this.tally = tally;
    this.faults = faults;
    if (template.isPresent() && tokenizer.encodeWritten(List.of("")).get(0).length > 0) {
      throw new IllegalArgumentException(
          "the tokenizer adds tokens of its own to what a chat template writes:"
              + " Tokenizer.encodeWritten must add none");
    }
  }

  /** The examples of the rows that leave something to learn, in order; the others are counted. */
  List<Example> tokenize(List<? extends Row> rows) {
    List<RowTexts> texts = new ArrayList<>(rows.size());
    for (Row row : rows) {
      try {
        texts.add(writer.of(row));
      } catch (InvalidRowException e) {
        faults.accept(e.at(row.origin()));
      }
    }
    List<Example> examples = new ArrayList<>(texts.size());
    Iterator<int[]> whole = tokenizer.encodeAll(parts(texts, false)).iterator();
    Iterator<int[]> part = tokenizer.encodeWritten(parts(texts, true)).iterator();
    for (RowTexts row : texts) {
      boolean written = isEncodedAsWritten(row);
      Iterator<int[]> encoded = written ? part : whole;
      int[] shared = cut(row) > 0 ? encoded.next() : new int[0];
      int[] prompt = unended(Ints.concat(shared, encoded.next()), written);
      List<int[]> wholes = new ArrayList<>(row.wholes().size());
      row.wholes().forEach(it -> wholes.add(Ints.concat(shared, encoded.next())));
      split(row.row(), prompt, wholes, examples);
    }
    return examples;
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

  /** Where a row's texts are cut, so that what they share is encoded once. */
  private int cut(RowTexts row) {
    return isEncodedAsWritten(row) ? tokenizer.lastCut(row.prompt()) : 0;
  }

  private boolean isEncodedAsWritten(RowTexts row) {
    return row.written() || addsNothing;
  }

  /** The prompt's tokens without the end that a tokenizer may put behind every text. */
  private int[] unended(int[] prompt, boolean written) {
    boolean ended = !written && endings.addedByTokenizer() && prompt.length > 0;
    return ended ? Arrays.copyOf(prompt, prompt.length - 1) : prompt;
  }

  private void split(Row row, int[] promptAlone, List<int[]> wholes, List<Example> to) {
    int split = wholes.stream().mapToInt(it -> commonPrefix(promptAlone, it)).min().orElse(0);
    int promptTokens = Math.min(split, limits.prompt());
    int room = Math.min(limits.total() - promptTokens, limits.completion());
    int cut = (int) wholes.stream().filter(it -> it.length - split > room).count();
    boolean cutsPrompt = promptTokens < split;
    if (promptTokens == 0) {
      tally.dropped(DropReason.NO_PROMPT_TOKEN, row.origin());
    } else if (promptTokens >= limits.total()) {
      tally.dropped(DropReason.PROMPT_FILLS_LENGTH, row.origin());
    } else if (wholes.stream().anyMatch(it -> it.length == split)) {
      tally.dropped(DropReason.NO_COMPLETION_TOKEN, row.origin());
    } else if (limits.truncation() == Truncation.DROP && (cutsPrompt || cut > 0)) {
      tally.dropped(DropReason.TOO_LONG, row.origin());
    } else {
      ImmutableList<ImmutableIntArray> completions =
          wholes.stream().map(it -> slice(it, split, room)).collect(toImmutableList());
      ImmutableIntArray prompt = prompt(promptAlone, split, promptTokens);
      Example example = new Example(prompt, completions, row.judgement(), row.origin());
      tally.used(example);
      tally.cut(cutsPrompt, cut);
      if (split < promptAlone.length) {
        tally.boundaryMerge();
      }
      to.add(example);
    }
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

  private static int commonPrefix(int[] a, int[] b) {
    int difference = Arrays.mismatch(a, b);
    return difference < 0 ? a.length : difference;
  }

  private static ImmutableIntArray slice(int[] tokens, int from, int atMost) {
    int length = Math.min(atMost, tokens.length - from);
    return ImmutableIntArray.copyOf(Arrays.copyOfRange(tokens, from, from + length));
  }

  private static String none(
      List<Message> messages, boolean addGenerationPrompt, Map<String, Object> settings) {
    throw new InvalidInputException(
        "the data holds conversations, which a chat template turns into text, but the model's folder"
            + " has none: expected chat_template.jinja, 'chat_template' in tokenizer_config.json, or a"
            + " template given by --chat-template FILE");
  }
}
