package io.github.tralign.djl.kernel;

import com.google.common.primitives.Ints;
import com.google.common.primitives.Longs;
import java.util.ArrayList;
import java.util.List;

/**
 * Which tokens of a packed batch see which, as the kernels for GPUs take it: sequences whose
 * queries are one run of tokens and whose keys are gathered from all runs that they see. The last
 * query of a sequence sees all its keys, and each one before it one key less.
 *
 * @param queryStarts where each sequence's queries start, and the end of all [N + 1]
 * @param keyStarts the same of the keys [N + 1]
 * @param keys the token of each key [S]
 * @param longest the most queries and the most keys of a sequence
 */
record Sequences(int[] queryStarts, int[] keyStarts, long[] keys, int[] longest) {

  /**
   * Gathers the keys.
   *
   * @param attended see {@link PackedBatch#attended}; together the causal runs are all tokens, in
   *     order
   */
  static Sequences of(long[][] attended) {
    List<Integer> queryStarts = new ArrayList<>();
    List<Integer> keyStarts = new ArrayList<>();
    List<Long> keys = new ArrayList<>();
    int[] longest = {0, 0};
    int end = 0;
    for (int i = 0; i < attended.length; ) {
      long[] own = attended[i++];
      queryStarts.add(end);
      keyStarts.add(keys.size());
      while (i < attended.length && attended[i][0] != attended[i][2]) {
        add(keys, attended[i][2], attended[i][3]); // a prompt, seen by all of the run
        i++;
      }
      add(keys, own[2], own[3]);
      end += Math.toIntExact(own[1]);
      longest[0] = Math.max(longest[0], Math.toIntExact(own[1]));
      longest[1] = Math.max(longest[1], keys.size() - keyStarts.get(keyStarts.size() - 1));
    }
    queryStarts.add(end);
    keyStarts.add(keys.size());
    return new Sequences(
        Ints.toArray(queryStarts), Ints.toArray(keyStarts), Longs.toArray(keys), longest);
  }

  private static void add(List<Long> keys, long first, long length) {
    for (long key = first; key < first + length; key++) {
      keys.add(key);
    }
  }
}
