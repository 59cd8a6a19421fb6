package io.github.tralign.train;

import io.github.tralign.InvalidSettingException;
import java.util.OptionalInt;
import org.immutables.value.Value;

/**
 * How the data is cut into batches.
 *
 * @param size examples of an optimizer step
 * @param microBatchTokens packed tokens that are computed at once
 * @param shuffle whether each epoch has an order of its own
 * @param window examples out of which a stream's next one is drawn; 10,000 if it is not said
 * @param seed of that order
 */
@Value.Builder
record BatchSettings(int size, int microBatchTokens, boolean shuffle, OptionalInt window, long seed)
    implements WithBatchSettings {

  private static final int DEFAULT_WINDOW = 10_000;

  BatchSettings {
    InvalidSettingException.require(
        size >= 1, "batchSize", "the batch size must be >= 1, not " + size);
    InvalidSettingException.require(
        microBatchTokens >= 1,
        "microBatchTokens",
        "the number of tokens of a micro-batch must be >= 1, not " + microBatchTokens);
    InvalidSettingException.require(
        window.orElse(0) >= 0,
        "shuffleWindow",
        "the window to shuffle in must be >= 0, not " + window.orElse(0));
  }

  static BatchSettings ofDefaults() {
    return new BatchSettings(8, 4096, true, OptionalInt.empty(), 42);
  }

  /** Examples out of which a stream's next one is drawn; 0 for none. */
  int usedWindow() {
    return shuffle ? window.orElse(DEFAULT_WINDOW) : 0;
  }
}
