package io.github.tralign.djl.kernel;

import com.google.common.primitives.Longs;
import java.util.ArrayList;
import java.util.List;

/**
 * Which tokens of a packed batch attend to which, if each attends to a window of positions only. A
 * causal run is split into blocks no longer than the window. Each block attends to itself causally,
 * and to what comes before it as far as the window reaches.
 *
 * @param runs rows {@code [q, m, k, n]} as in {@link PackedBatch#attended}
 * @param first for each row that is not causal: token q + i attends to tokens from k + first + i on
 */
record WindowedRuns(long[][] runs, long[] first) {

  /**
   * Splits the runs.
   *
   * @param attended see {@link PackedBatch#attended}
   * @param positions the position of each token in its sequence
   * @param window the number of positions that a token attends to, including its own
   * @param block the longest block, at most {@code window}
   */
  static WindowedRuns of(long[][] attended, long[] positions, int window, int block) {
    Splitting splitting = new Splitting(positions, window);
    for (int i = 0; i < attended.length; ) {
      long[] own = attended[i++];
      int others = i;
      while (i < attended.length && attended[i][0] != attended[i][2]) {
        i++;
      }
      for (long done = 0; done < own[1]; done += block) {
        long start = own[0] + done;
        long length = Math.min(block, own[1] - done);
        splitting.add(start, length, start, length, 1 - length); // all of them
        splitting.attend(start, length, own[0], done);
        for (int other = others; other < i; other++) {
          splitting.attend(start, length, attended[other][2], attended[other][3]);
        }
      }
    }
    return new WindowedRuns(splitting.runs.toArray(new long[0][]), Longs.toArray(splitting.first));
  }

  private static final class Splitting {

    private final long[] positions;
    private final int window;
    private final List<long[]> runs = new ArrayList<>();
    private final List<Long> first = new ArrayList<>();

    Splitting(long[] positions, int window) {
      this.positions = positions;
      this.window = window;
    }

    /** A block attends to a run of earlier positions, as far as its window reaches. */
    void attend(long q, long queries, long k, long keys) {
      if (keys == 0) {
        return;
      }
      long begin = positions[(int) q] - positions[(int) k] - window + 1; // of the first query
      long skipped = Math.max(0, begin);
      long reached = begin - skipped;
      long left = keys - skipped;
      if (left > 0) {
        // Query i attends to keys from reached + i on, so the last ones may attend to none.
        add(q, Math.min(queries, left - reached), k + skipped, left, reached);
      }
    }

    void add(long q, long queries, long k, long keys, long from) {
      runs.add(new long[] {q, queries, k, keys});
      first.add(from);
    }
  }
}
