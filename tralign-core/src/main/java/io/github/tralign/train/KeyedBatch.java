package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Examples to score, each with a key: equal keys mean equal examples within a run, so that what was
 * scored ahead can be found again.
 */
record KeyedBatch(PreferenceBatch batch, long[] keys) {

  /** Consecutive slices that fit into memory; see {@link PreferenceBatch#microBatches}. */
  List<KeyedBatch> slices(int tokenBudget) {
    List<KeyedBatch> slices = new ArrayList<>();
    int first = 0;
    for (PreferenceBatch slice : batch.microBatches(tokenBudget)) {
      slices.add(new KeyedBatch(slice, Arrays.copyOfRange(keys, first, first += slice.size())));
    }
    return slices;
  }

  /** The examples whose keys are not known yet; their keys are added. */
  Optional<KeyedBatch> without(Set<Long> known) {
    ImmutableList.Builder<Example> fresh = ImmutableList.builder();
    LongStream.Builder freshKeys = LongStream.builder();
    for (int i = 0; i < keys.length; i++) {
      if (known.add(keys[i])) {
        fresh.add(batch.examples().get(i));
        freshKeys.add(keys[i]);
      }
    }
    long[] left = freshKeys.build().toArray();
    return left.length == 0
        ? Optional.empty()
        : Optional.of(new KeyedBatch(new PreferenceBatch(fresh.build()), left));
  }
}
