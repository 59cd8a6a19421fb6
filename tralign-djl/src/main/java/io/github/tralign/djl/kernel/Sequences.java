package io.github.tralign.djl.kernel;

import com.google.common.primitives.Ints;
import com.google.common.primitives.Longs;
import java.util.ArrayList;
import java.util.List;

/**
 * Which tokens of a packed batch attend to which, in the form of the GPU kernels: sequences whose
 * queries are one run of tokens and whose keys are gathered from all runs they attend to. The last
 * query of a sequence attends to all its keys, and each earlier query to one key less.
 *
 * @param queryStarts index of each sequence's first query, and the number of all queries [N + 1]
 * @param keyStarts the same for the keys [N + 1]
 * @param keys the token of each key [S]
 * @param longest the largest number of queries and of keys in a sequence
 */
record Sequences(int[] queryStarts, int[] keyStarts, long[] keys, int[] longest) {

  /**
   * Gathers the keys.
   *
   * @param attended see {@link PackedBatch#attended}; the causal runs must cover all tokens in
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
        add(keys, attended[i][2], attended[i][3]); // a prompt that the whole run attends to
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
