package io.github.tralign.data;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Batches of examples that are all in memory: a pure function of the seed and the step.
 *
 * <p>An epoch takes each example once. Its last batch is smaller where the batch size does not
 * divide the number of examples; nothing is dropped. A shuffled epoch is a permutation of its own,
 * drawn from the seed and the number of the epoch alone, so that a run which is resumed at any step
 * sees what an uninterrupted one sees. Safe for use by several threads.
 */
final class EpochBatches implements Batches {

  private final ImmutableList<Example> examples;
  private final int batchSize;
  private final Order order;
  private volatile Epoch current = new Epoch(-1, new int[0]);

  private EpochBatches(ImmutableList<Example> examples, int batchSize, Order order) {
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("batches need at least one example");
    }
    requireSize(batchSize);
    this.examples = examples;
    this.batchSize = batchSize;
    this.order = order;
  }

  static void requireSize(int batchSize) {
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          "the batch size must be at least 1 example, not " + batchSize);
    }
  }

  /** Batches of examples in their own order, the same in each epoch. */
  static Batches inOrder(PreferenceData data, int batchSize) {
    int[] rows = IntStream.range(0, data.size()).toArray();
    return new EpochBatches(data.examples(), batchSize, epoch -> rows);
  }

  /** Batches of examples in an order drawn for each epoch. */
  static Batches shuffled(PreferenceData data, int batchSize, long seed) {
    int n = data.size();
    return new EpochBatches(data.examples(), batchSize, epoch -> permutation(n, seed, epoch));
  }

  @Override
  public long examples() {
    return examples.size();
  }

  @Override
  public long stepsPerEpoch() {
    return (examples.size() + batchSize - 1L) / batchSize;
  }

  @Override
  public Batch at(long step) {
    if (step < 1) {
      throw new IllegalArgumentException("steps are counted from 1, not " + step);
    }
    int[] order = rowsOf((step - 1) / stepsPerEpoch());
    int from = (int) ((step - 1) % stepsPerEpoch()) * batchSize;
    int to = Math.min(order.length, from + batchSize);
    ImmutableIntArray rows = ImmutableIntArray.copyOf(Arrays.stream(order, from, to));
    return new Batch(
        step, PreferenceBatch.of(rows.stream().mapToObj(examples::get).toList()), rows);
  }

  private int[] rowsOf(long epoch) {
    Epoch cached = current;
    if (cached.number() != epoch) {
      cached = new Epoch(epoch, order.rows(epoch));
      current = cached;
    }
    return cached.rows();
  }

  /** Fisher and Yates' shuffle (Knuth, The Art of Computer Programming 2, algorithm 3.4.2 P). */
  private static int[] permutation(int n, long seed, long epoch) {
    EpochRandom draws = new EpochRandom(seed, epoch);
    int[] rows = IntStream.range(0, n).toArray();
    for (int i = n - 1; i > 0; i--) {
      int j = draws.below(i + 1);
      int row = rows[i];
      rows[i] = rows[j];
      rows[j] = row;
    }
    return rows;
  }

  private interface Order {
    int[] rows(long epoch);
  }

  private record Epoch(long number, int[] rows) {}
}
