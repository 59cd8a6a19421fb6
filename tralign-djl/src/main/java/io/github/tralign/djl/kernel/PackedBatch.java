package io.github.tralign.djl.kernel;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;

/**
 * A batch on one axis of tokens: group by group the prompt and then its completions, each without
 * its last token, which predicts nothing. Positions go on from the prompt in each completion.
 *
 * @param ids token ids [T]
 * @param positions of each token in its own sequence [T]
 * @param predicting for each completion token the row of the token before it [C]
 * @param targets the completion tokens themselves [C]
 * @param pieces lengths on the token axis: for each group the prompt's and each completion's
 * @param counts number of completions of each group
 * @param longest the longest sequence of a prompt and one completion, as computed
 */
public record PackedBatch(
    long[] ids,
    long[] positions,
    long[] predicting,
    long[] targets,
    long[] pieces,
    long[] counts,
    int longest) {

  /** Packs a batch. */
  public static PackedBatch of(PreferenceBatch batch) {
    return new Packing(batch).pack();
  }

  private static final class Packing {

    private final PreferenceBatch batch;
    private final long[] ids;
    private final long[] positions;
    private final long[] predicting;
    private final long[] targets;
    private final long[] pieces;
    private final long[] counts;
    private int token;
    private int target;
    private int piece;
    private int longest;

    Packing(PreferenceBatch batch) {
      this.batch = batch;
      int tokens = batch.packedTokens() - batch.completions();
      ids = new long[tokens];
      positions = new long[tokens];
      predicting = new long[batch.completionTokens()];
      targets = new long[batch.completionTokens()];
      pieces = new long[batch.size() + batch.completions()];
      counts = new long[batch.size()];
    }

    PackedBatch pack() {
      for (int i = 0; i < batch.size(); i++) {
        Example example = batch.examples().get(i);
        counts[i] = example.completions().size();
        add(example.prompt(), example.prompt().length(), 0);
        int promptEnd = token - 1;
        for (ImmutableIntArray completion : example.completions()) {
          predict(completion, promptEnd);
          add(completion, completion.length() - 1, example.prompt().length());
        }
      }
      return new PackedBatch(ids, positions, predicting, targets, pieces, counts, longest);
    }

    private void add(ImmutableIntArray tokens, int length, int position) {
      for (int i = 0; i < length; i++) {
        ids[token] = tokens.get(i);
        positions[token] = position + i;
        token++;
      }
      pieces[piece++] = length;
      longest = Math.max(longest, position + length);
    }

    /** The first token is predicted at the prompt's end, the others at the one before. */
    private void predict(ImmutableIntArray completion, int promptEnd) {
      for (int i = 0; i < completion.length(); i++) {
        predicting[target] = i == 0 ? promptEnd : token + i - 1L;
        targets[target] = completion.get(i);
        target++;
      }
    }
  }
}
