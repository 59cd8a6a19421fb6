package io.github.tralign.djl.kernel;

import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A batch packed on one axis of T tokens: for each distinct prompt, its tokens and then its
 * completions, each without its last token, which predicts nothing. The positions of each
 * completion continue from the prompt. A prompt that several examples share appears once, followed
 * by the completions of all of them.
 *
 * <p>The C completion tokens are in the batch's order, not grouped by prompt.
 *
 * @param ids token ids [T]
 * @param positions each token's position in its sequence [T]
 * @param predicting for each completion token, the index of the token before it [C]
 * @param targets the ids of the completion tokens [C]
 * @param attended which tokens attend to which: a row {@code [q, m, k, n]} means that the m tokens
 *     from q on attend to the n tokens from k on, causally if q = k; the causal row of a run comes
 *     before its other rows
 * @param longest length of the longest sequence of a prompt and one completion without its last
 *     token
 */
public record PackedBatch(
    long[] ids,
    long[] positions,
    long[] predicting,
    long[] targets,
    long[][] attended,
    int longest) {

  /** Packs a batch. */
  public static PackedBatch of(PreferenceBatch batch) {
    return new Packing(batch).pack();
  }

  private static final class Packing {

    private final List<Example> examples;
    private final SetMultimap<ImmutableIntArray, Integer> groups = LinkedHashMultimap.create();
    private final int[] firstTarget; // of each example
    private final long[] ids;
    private final long[] positions;
    private final long[] predicting;
    private final long[] targets;
    private final List<long[]> attended = new ArrayList<>();
    private int token;
    private int longest;

    Packing(PreferenceBatch batch) {
      examples = batch.examples();
      firstTarget = new int[examples.size()];
      int completionTokens = 0;
      for (int i = 0; i < examples.size(); i++) {
        groups.put(examples.get(i).prompt(), i);
        firstTarget[i] = completionTokens;
        completionTokens += examples.get(i).completionTokens();
      }
      int tokens = completionTokens - batch.completions();
      for (ImmutableIntArray prompt : groups.keySet()) {
        tokens += prompt.length();
      }
      ids = new long[tokens];
      positions = new long[tokens];
      predicting = new long[completionTokens];
      targets = new long[completionTokens];
    }

    PackedBatch pack() {
      for (Collection<Integer> sharing : groups.asMap().values()) {
        ImmutableIntArray prompt = examples.get(sharing.iterator().next()).prompt();
        int start = token;
        add(prompt, prompt.length(), 0);
        int promptEnd = token - 1;
        boolean first = true;
        for (int i : sharing) {
          int target = firstTarget[i];
          for (ImmutableIntArray completion : examples.get(i).completions()) {
            predict(completion, target, promptEnd);
            target += completion.length();
            attend(start, prompt.length(), completion.length() - 1, first);
            first = false;
            add(completion, completion.length() - 1, prompt.length());
          }
        }
      }
      return new PackedBatch(
          ids, positions, predicting, targets, attended.toArray(new long[0][]), longest);
    }

    private void add(ImmutableIntArray tokens, int length, int position) {
      for (int i = 0; i < length; i++) {
        ids[token] = tokens.get(i);
        positions[token] = position + i;
        token++;
      }
      longest = Math.max(longest, position + length);
    }

    /**
     * The prompt and its first completion, which directly follows it, are one causal run. Each
     * further completion attends to itself causally, and to the prompt.
     */
    private void attend(int prompt, int promptLength, int length, boolean first) {
      if (first) {
        int both = promptLength + length;
        attended.add(new long[] {prompt, both, prompt, both});
      } else if (length > 0) {
        attended.add(new long[] {token, length, token, length});
        attended.add(new long[] {token, length, prompt, promptLength});
      }
    }

    /**
     * The first completion token is predicted at the prompt's last token, the others at the token
     * before them.
     */
    private void predict(ImmutableIntArray completion, int target, int promptEnd) {
      for (int i = 0; i < completion.length(); i++) {
        predicting[target + i] = i == 0 ? promptEnd : token + i - 1L;
        targets[target + i] = completion.get(i);
      }
    }
  }
}
