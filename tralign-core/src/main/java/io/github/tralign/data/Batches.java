package io.github.tralign.data;

import static java.util.Objects.requireNonNull;

import java.util.function.Consumer;

/**
 * Which examples each optimizer step sees: of data in memory a pure function of the seed and the
 * step; of a stream, where steps are asked for in order, one of its rows too.
 *
 * <p>Steps are counted from 1, as in {@link io.github.tralign.metrics.StepMetrics}, without an
 * upper end.
 */
public interface Batches extends AutoCloseable {

  /** The number of what a stream cannot count. */
  long UNKNOWN = Long.MAX_VALUE;

  /** Batches of examples in their own order, the same in each epoch. */
  static Batches inOrder(PreferenceData data, int batchSize) {
    return EpochBatches.inOrder(data, batchSize);
  }

  /** Batches of examples in an order drawn for each epoch from the seed and its number. */
  static Batches shuffled(PreferenceData data, int batchSize, long seed) {
    return EpochBatches.shuffled(data, batchSize, seed);
  }

  /**
   * Batches of a stream, read as they are asked for. A pass over the stream is an epoch: its last
   * batch is smaller where need be, and the next pass has an order of its own.
   *
   * @param window examples out of which the next one is drawn, by the seed and the pass; 0 leaves
   *     them in their own order
   * @param check throws an {@link IllegalArgumentException} for an example that cannot be trained
   *     on; it reaches the caller as an {@link io.github.tralign.InvalidInputException}
   */
  static Batches streamed(
      PreferenceStream stream, int batchSize, int window, long seed, Consumer<Example> check) {
    requireNonNull(stream, "stream");
    requireNonNull(check, "check");
    return new StreamedBatches(stream, batchSize, window, seed, check);
  }

  /** Number of examples of the data, or {@link #UNKNOWN}. */
  long examples();

  /**
   * Steps of an epoch: the number of examples over the batch size, rounded up; or {@link #UNKNOWN}.
   */
  long stepsPerEpoch();

  /**
   * The batch of a step.
   *
   * @throws IllegalArgumentException if the step is less than 1, or was freed
   */
  Batch at(long step);

  /** Frees the steps before one; they must not be asked for again. */
  default void forgetBefore(long step) {}

  /** How far a stream has been read for the steps that were asked for. */
  default StreamPosition position() {
    return StreamPosition.START;
  }

  /**
   * Reads a stream on to a position that an earlier run had come to with the same settings.
   *
   * @throws io.github.tralign.InvalidInputException if other examples were read on the way
   */
  default void requireRead(StreamPosition before) {}

  /** Ends reading. */
  @Override
  default void close() {}
}
