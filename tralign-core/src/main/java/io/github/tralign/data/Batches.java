package io.github.tralign.data;

/** Which examples each optimizer step sees. Steps are counted from 0, without an upper end. */
public interface Batches {

  /** Batches of examples in their own order, the same in each epoch. */
  static Batches inOrder(PreferenceData data, int batchSize) {
    return EpochBatches.inOrder(data, batchSize);
  }

  /** Batches of examples in an order drawn for each epoch from the seed and its number. */
  static Batches shuffled(PreferenceData data, int batchSize, long seed) {
    return EpochBatches.shuffled(data, batchSize, seed);
  }

  /** Number of examples of the data. */
  long examples();

  /** Steps of an epoch: the number of examples over the batch size, rounded up. */
  long stepsPerEpoch();

  /** The batch of a step. */
  PreferenceBatch at(long step);

  /**
   * Numbers of the examples that a step sees: equal numbers, within a step or in two of them, mean
   * the same example.
   *
   * @return as many as the batch has examples, all different
   */
  int[] rowsAt(long step);
}
