package io.github.tralign.loss;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Sorts values, and maps derivatives by rank back to the values. */
final class Ranking {

  private final double[] values;
  private final int[] order; // rank → place

  /** Ranks values; equal values keep their order. */
  Ranking(double[] values) {
    this.values = values;
    this.order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(place -> values[place]))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  /** The index of the value with a rank; the smallest value has rank 0. */
  int place(int rank) {
    return order[rank];
  }

  /** The value of a rank. */
  double value(int rank) {
    return values[order[rank]];
  }

  /**
   * The derivatives by value, given those by rank. Equal values get the mean of their derivatives,
   * so the result does not depend on their order.
   */
  double[] derivatives(double[] byRank) {
    double[] byPlace = new double[values.length];
    int from = 0;
    while (from < order.length) {
      double sum = byRank[from];
      int to = from + 1;
      for (; to < order.length && value(to) == value(from); to++) {
        sum += byRank[to];
      }
      for (int rank = from; rank < to; rank++) {
        byPlace[order[rank]] = sum / (to - from);
      }
      from = to;
    }
    return byPlace;
  }
}
