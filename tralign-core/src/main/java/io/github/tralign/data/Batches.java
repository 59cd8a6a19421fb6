package io.github.tralign.data;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/**
 * Which examples each optimizer step sees: a pure function of the seed and the step.
 *
 * <p>An epoch takes each example once. Its last batch is smaller where the batch size does not
 * divide the number of examples; nothing is dropped. A shuffled epoch is a permutation of its own,
 * drawn from the seed and the number of the epoch alone, so that a run which is resumed at any step
 * sees what an uninterrupted one sees. Safe for use by several threads.
 */
public final class Batches {

  private final ImmutableList<Example> examples;
  private final int batchSize;
  private final Order order;
  private volatile Epoch current = new Epoch(-1, new int[0]);

  private Batches(ImmutableList<Example> examples, int batchSize, Order order) {
    if (examples.isEmpty()) {
      throw new IllegalArgumentException("batches need at least one example");
    }
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          "the batch size must be at least 1 example, not " + batchSize);
    }
    this.examples = examples;
    this.batchSize = batchSize;
    this.order = order;
  }

  /** Batches of examples in their own order, the same in each epoch. */
  public static Batches inOrder(PreferenceData data, int batchSize) {
    int[] rows = IntStream.range(0, data.size()).toArray();
    return new Batches(data.examples(), batchSize, epoch -> rows);
  }

  /** Batches of examples in an order drawn for each epoch. */
  public static Batches shuffled(PreferenceData data, int batchSize, long seed) {
    int n = data.size();
    return new Batches(data.examples(), batchSize, epoch -> permutation(n, seed, epoch));
  }

  /** Number of examples of the data. */
  public int examples() {
    return examples.size();
  }

  /** Steps of an epoch: the number of examples over the batch size, rounded up. */
  public long stepsPerEpoch() {
    return (examples.size() + batchSize - 1L) / batchSize;
  }

  /**
   * The epoch that a step belongs to.
   *
   * @param step from 0
   * @return from 0
   */
  public long epochOf(long step) {
    if (step < 0) {
      throw new IllegalArgumentException("steps are counted from 0, not " + step);
    }
    return step / stepsPerEpoch();
  }

  /**
   * The batch of a step.
   *
   * @param step from 0, without an upper end
   */
  public PreferenceBatch at(long step) {
    return of(rowsAt(step));
  }

  /** A batch of the examples at the given places, at least one, in this order. */
  public PreferenceBatch of(int[] rows) {
    return new PreferenceBatch(
        Arrays.stream(rows).mapToObj(examples::get).collect(ImmutableList.toImmutableList()));
  }

  /**
   * The places in the data of the examples that a step sees.
   *
   * @param step from 0, without an upper end
   * @return between 1 and batch-size indices, all different
   */
  public int[] rowsAt(long step) {
    int[] rows = rowsOf(epochOf(step));
    int from = (int) (step % stepsPerEpoch()) * batchSize;
    return Arrays.copyOfRange(rows, from, Math.min(rows.length, from + batchSize));
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
    // The generator's name fixes its algorithm, and the draw below is our own: the order of a run
    // must not change with the Java version, as that of Random.nextInt(bound) might.
    RandomGenerator random =
        RandomGeneratorFactory.of("L64X128MixRandom").create(mix(mix(seed) + epoch));
    int[] rows = IntStream.range(0, n).toArray();
    for (int i = n - 1; i > 0; i--) {
      int j = (int) Long.remainderUnsigned(random.nextLong(), i + 1); // bias below n / 2^64
      int row = rows[i];
      rows[i] = rows[j];
      rows[j] = row;
    }
    return rows;
  }

  /** A bijection in which each input bit moves about half of the output (Stafford's mix 13). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private interface Order {
    int[] rows(long epoch);
  }

  private record Epoch(long number, int[] rows) {}
}
