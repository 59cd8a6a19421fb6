package io.github.tralign.data;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Turns text pairs into examples.
 *
 * <p>The text of the end-of-sequence token is appended to each completion that does not end with
 * it. Then the prompt, prompt + chosen and prompt + rejected are encoded as whole texts, and the
 * prompt of the example is their longest common prefix: what follows is scored. Encoding the parts
 * apart would break tokenizers that mark the beginning of a text, and would tokenize a completion
 * as the model never sees it. Where a token spans the end of the prompt, the common prefix is
 * shorter than the prompt's own tokens; the row is used and counted as a boundary merge. This is
 * the rule of TRL 1.16.
 */
final class PairTokenizer {

  private final Tokenizer tokenizer;
  private final LengthLimits limits;
  private final Tally tally;

  PairTokenizer(Tokenizer tokenizer, LengthLimits limits, Tally tally) {
    this.tokenizer = tokenizer;
    this.limits = limits;
    this.tally = tally;
  }

  /** The examples of the pairs that leave something to learn, in order; the others are counted. */
  List<Example> tokenize(List<TextPair> pairs) {
    List<String> texts = new ArrayList<>(3 * pairs.size());
    for (TextPair pair : pairs) {
      texts.add(pair.prompt());
      texts.add(pair.prompt() + ended(pair.chosen()));
      texts.add(pair.prompt() + ended(pair.rejected()));
    }
    List<int[]> encoded = tokenizer.encodeAll(texts);
    List<Example> examples = new ArrayList<>(pairs.size());
    for (int i = 0; i < pairs.size(); i++) {
      int[] prompt = encoded.get(3 * i);
      int[] withChosen = encoded.get(3 * i + 1);
      int[] withRejected = encoded.get(3 * i + 2);
      split(prompt, withChosen, withRejected, pairs.get(i).origin(), examples);
    }
    return examples;
  }

  private String ended(String completion) {
    String end = tokenizer.endOfSequence();
    return completion.endsWith(end) ? completion : completion + end;
  }

  private void split(
      int[] promptAlone, int[] withChosen, int[] withRejected, String origin, List<Example> to) {
    int split =
        Math.min(commonPrefix(promptAlone, withChosen), commonPrefix(promptAlone, withRejected));
    int from = Math.max(0, split - limits.prompt());
    int promptTokens = split - from;
    if (promptTokens == 0) {
      tally.dropped(DropReason.NO_PROMPT_TOKEN, origin);
    } else if (promptTokens >= limits.total()) {
      tally.dropped(DropReason.PROMPT_FILLS_LENGTH, origin);
    } else if (split == withChosen.length || split == withRejected.length) {
      tally.dropped(DropReason.NO_COMPLETION_TOKEN, origin);
    } else {
      int room = Math.min(limits.total() - promptTokens, limits.completion());
      ImmutableIntArray chosen = slice(withChosen, split, room);
      ImmutableIntArray rejected = slice(withRejected, split, room);
      Example example =
          new Example(
              slice(promptAlone, from, promptTokens), ImmutableList.of(chosen, rejected), origin);
      int cut =
          (chosen.length() < withChosen.length - split ? 1 : 0)
              + (rejected.length() < withRejected.length - split ? 1 : 0);
      tally.used(example);
      tally.cut(from > 0, cut);
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
