package io.github.tralign.cli;

import io.github.tralign.distributed.ProcessGroup;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Pieces of work that the processes of a group share: each computes whole pieces, so that the
 * results have the bits of one process, and all get all results, in order.
 */
final class SharedWork {

  /** Takes the numbers of a piece. */
  interface Use {
    void of(int piece, double[] numbers);
  }

  private SharedWork() {}

  /**
   * Does all pieces.
   *
   * @param pieces how many there are
   * @param compute the numbers of a piece; called for those of this process
   * @param use of the numbers; called for all pieces, in order
   */
  static void inOrder(ProcessGroup group, int pieces, IntFunction<double[]> compute, Use use) {
    int[] one = new int[group.size()];
    Arrays.fill(one, 1);
    for (int first = 0; first < pieces; first += group.size()) {
      int own = first + group.rank();
      double[] mine = own < pieces ? compute.apply(own) : new double[0];
      int[] lengths =
          Arrays.stream(group.allGather(new double[] {mine.length}, one))
              .mapToInt(length -> (int) length)
              .toArray();
      double[] all = group.allGather(mine, lengths);
      int start = 0;
      for (int i = 0; i < group.size() && first + i < pieces; i++) {
        use.of(first + i, Arrays.copyOfRange(all, start, start + lengths[i]));
        start += lengths[i];
      }
    }
  }
}
