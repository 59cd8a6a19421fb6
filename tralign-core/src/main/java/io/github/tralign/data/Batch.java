package io.github.tralign.data;

import static java.util.Objects.requireNonNull;

import com.google.common.primitives.ImmutableIntArray;

/**
 * What one optimizer step sees.
 *
 * @param step number of the step; the first is 1
 * @param examples of the step
 * @param rows the number of each example; equal numbers, within a step or in two of them, mean the
 *     same example
 */
public record Batch(long step, PreferenceBatch examples, ImmutableIntArray rows) {

  /**
   * Checks that each example has a number.
   *
   * @throws IllegalArgumentException if there are more or fewer numbers than examples, or the step
   *     is less than 1
   */
  public Batch {
    requireNonNull(examples, "examples");
    requireNonNull(rows, "rows");
    if (rows.length() != examples.size()) {
      throw new IllegalArgumentException(
          "a batch needs a number for each of its examples: "
              + rows.length()
              + " for "
              + examples.size());
    }
    if (step < 1) {
      throw new IllegalArgumentException("steps are counted from 1, not " + step);
    }
  }

  /** Number of examples. */
  public int size() {
    return examples.size();
  }
}
