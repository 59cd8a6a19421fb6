package io.github.tralign.djl.kernel;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.djl.model.DecoderSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A batch packed on one axis of T tokens: for each distinct prompt, its tokens and then its
 * completions, each without its last token, which predicts nothing. The positions of each
 * completion continue from the prompt. A prompt that several examples share appears once, followed
 * by the completions of all of them; it appears twice if its rotation depends on the length of the
 * sequence, and it has shorter and longer completions.
 *
 * <p>The C completion tokens are in the batch's order, not grouped by prompt.
 *
 * @param ids token ids [T]
 * @param positions each token's position in its sequence [T]
 * @param angles the row of each token in the tables of rotary embeddings [T]: its position p, or if
 *     the rotation depends on the length of the sequence, 2p and in long ones 2p + 1
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
    long[] angles,
    long[] predicting,
    long[] targets,
    long[][] attended,
    int longest) {

  /**
   * Packs a batch.
   *
   * @throws IllegalArgumentException if a sequence is longer than the model's rotary embedding is
   *     defined for
   */
  public static PackedBatch of(PreferenceBatch batch, DecoderSpec model) {
    return new Packing(batch, model).pack();
  }

  /** The completions that are computed with one copy of a prompt. */
  private record Group(ImmutableIntArray prompt, boolean isLong) {}

  /** A completion, and the index of its first target. */
  private record Sequence(ImmutableIntArray completion, int target) {}

  private static final class Packing {

    private final ListMultimap<Group, Sequence> groups =
        MultimapBuilder.linkedHashKeys().arrayListValues().build();
    private final long[] ids;
    private final long[] positions;
    private final long[] angles;
    private final long[] predicting;
    private final long[] targets;
    private final List<long[]> attended = new ArrayList<>();
    private int token;
    private int longest;

    Packing(PreferenceBatch batch, DecoderSpec model) {
      int border = model.rotaryBorder();
      int completionTokens = 0;
      for (Example example : batch.examples()) {
        for (ImmutableIntArray completion : example.completions()) {
          boolean isLong = example.prompt().length() + completion.length() > border;
          checkArgument(
              !isLong || model.rotatesByLength(),
              "%s has more than the %s tokens for which the model's rotary embedding is defined",
              example.origin(),
              border);
          groups.put(
              new Group(example.prompt(), isLong), new Sequence(completion, completionTokens));
          completionTokens += completion.length();
        }
      }
      int tokens = completionTokens - batch.completions();
      for (Group group : groups.keySet()) {
        tokens += group.prompt().length();
      }
      ids = new long[tokens];
      positions = new long[tokens];
      angles = model.rotatesByLength() ? new long[tokens] : positions;
      predicting = new long[completionTokens];
      targets = new long[completionTokens];
    }

    PackedBatch pack() {
      groups.asMap().forEach(this::pack);
      return new PackedBatch(
          ids, positions, angles, predicting, targets, attended.toArray(new long[0][]), longest);
    }

    private void pack(Group group, Collection<Sequence> sharing) {
      ImmutableIntArray prompt = group.prompt();
      int start = token;
      add(prompt, prompt.length(), 0, group.isLong());
      int promptEnd = token - 1;
      boolean first = true;
      for (Sequence sequence : sharing) {
        ImmutableIntArray completion = sequence.completion();
        predict(completion, sequence.target(), promptEnd);
        attend(start, prompt.length(), completion.length() - 1, first);
        first = false;
        add(completion, completion.length() - 1, prompt.length(), group.isLong());
      }
    }

    private void add(ImmutableIntArray tokens, int length, int position, boolean isLong) {
      for (int i = 0; i < length; i++) {
        ids[token] = tokens.get(i);
        positions[token] = position + i;
        if (angles != positions) {
          angles[token] = 2L * (position + i) + (isLong ? 1 : 0);
        }
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
