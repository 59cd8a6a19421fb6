package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.Batches;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceData;
import org.immutables.value.Value;

/**
 * How the data is cut into batches.
 *
 * @param size examples of an optimizer step
 * @param microBatchTokens packed tokens that are computed at once
 * @param shuffle whether each epoch has an order of its own
 * @param seed of that order
 */
@Value.Builder
record BatchSettings(int size, int microBatchTokens, boolean shuffle, long seed)
    implements WithBatchSettings {

  BatchSettings {
    Ranges.require(size >= 1, "batch size", ">= 1", size);
    Ranges.require(
        microBatchTokens >= 1, "number of tokens of a micro-batch", ">= 1", microBatchTokens);
  }

  static BatchSettings ofDefaults() {
    return new BatchSettings(8, 4096, true, 42);
  }

  /** The batches in the order in which the examples are seen. */
  Batches of(ImmutableList<Example> examples) {
    PreferenceData data = PreferenceData.of(examples);
    return shuffle ? Batches.shuffled(data, size, seed) : Batches.inOrder(data, size);
  }
}
