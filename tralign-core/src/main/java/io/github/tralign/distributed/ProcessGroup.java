package io.github.tralign.distributed;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The processes that train or score together, as one of them sees the others. Each has a number,
 * its rank.
 *
 * <p>Every call but {@link #rank}, {@link #size} and {@link #close} is collective: it returns once
 * all ranks have made it. All ranks make the same calls in the same order, from one thread at a
 * time, and get the same results, bit for bit.
 *
 * <p>If a rank ends, leaves the group, or does not make a call within the time that the
 * implementation allows, the call fails on all others with a {@link ProcessGroupException}, and so
 * does every later one. So a program closes its group whether it succeeds or fails, by {@code try
 * (group)}: then no rank waits for one that has failed.
 */
public interface ProcessGroup extends AutoCloseable {

  /** A group of this process alone. */
  static ProcessGroup single() {
    return SingleProcess.GROUP;
  }

  /** This process's number, in {@code [0, size())}. */
  int rank();

  /** The number of processes, ≥ 1. */
  int size();

  /**
   * The values of all ranks, one rank after the other.
   *
   * @param mine this rank's values, any bits; not changed
   * @param lengths how many values each rank has, the same on all ranks
   * @return a new array of as many values as {@code lengths} add up to
   * @throws IllegalArgumentException if {@code mine} has not {@code lengths[rank()]} values, or
   *     there is not one length per rank
   * @throws ProcessGroupException if not all ranks make this call
   */
  double[] allGather(double[] mine, int[] lengths);

  /**
   * The sums over all ranks, added in the order of ranks.
   *
   * @param mine this rank's values, as many as each other rank has
   * @throws ProcessGroupException if not all ranks make this call
   */
  default double[] sum(double[] mine) {
    requireNonNull(mine, "mine");
    int[] lengths = new int[size()];
    Arrays.fill(lengths, mine.length);
    double[] all = allGather(mine, lengths);
    double[] sum = Arrays.copyOf(all, mine.length);
    for (int i = mine.length; i < all.length; i++) {
      sum[i % mine.length] += all[i];
    }
    return sum;
  }

  /**
   * Whether a condition holds on at least one rank.
   *
   * @throws ProcessGroupException if not all ranks make this call
   */
  default boolean any(boolean mine) {
    return sum(new double[] {mine ? 1 : 0})[0] > 0;
  }

  /**
   * The texts of all ranks, in the order of ranks. For texts of moderate length: each character
   * travels as a double.
   *
   * @throws ProcessGroupException if not all ranks make this call
   */
  default List<String> gatherTexts(String mine) {
    requireNonNull(mine, "mine");
    int[] one = new int[size()];
    Arrays.fill(one, 1);
    double[] each = allGather(new double[] {mine.length()}, one);
    int[] lengths = Arrays.stream(each).mapToInt(length -> (int) length).toArray();
    double[] characters = allGather(mine.chars().asDoubleStream().toArray(), lengths);
    List<String> texts = new ArrayList<>();
    int start = 0;
    for (int length : lengths) {
      StringBuilder text = new StringBuilder();
      for (int i = start; i < start + length; i++) {
        text.append((char) characters[i]);
      }
      texts.add(text.toString());
      start += length;
    }
    return texts;
  }

  /**
   * Leaves the group because of a failure of this process, which the other ranks then name if the
   * implementation can carry it to them.
   *
   * @param reason a sentence without a full stop
   */
  default void fail(String reason) {
    requireNonNull(reason, "reason");
    close();
  }

  /**
   * Leaves the group: calls of other ranks, in progress or later, fail at once. May be called from
   * any thread, and more than once.
   */
  @Override
  void close();
}
