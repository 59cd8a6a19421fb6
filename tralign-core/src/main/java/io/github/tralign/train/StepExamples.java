package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Batches;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What each step scores: the examples of its batch, and for some losses mismatched ones. */
final class StepExamples {

  private final Batches batches;
  private final boolean usesMismatched;
  private final int longest;

  /**
   * The examples of the steps of a run.
   *
   * @param usesMismatched whether the loss asks for mismatched examples
   * @param longest tokens that a prompt with a completion may have
   */
  StepExamples(Batches batches, boolean usesMismatched, int longest) {
    this.batches = batches;
    this.usesMismatched = usesMismatched;
    this.longest = longest;
  }

  /** Number of examples of the data, or {@link Batches#UNKNOWN}. */
  long number() {
    return batches.examples();
  }

  /** Steps that see each example once, or {@link Batches#UNKNOWN}. */
  long stepsPerEpoch() {
    return batches.stepsPerEpoch();
  }

  /** Tokens that a prompt with a completion may have. */
  int longest() {
    return longest;
  }

  /** Whether the loss asks for mismatched examples. */
  boolean usesMismatched() {
    return usesMismatched;
  }

  /** The examples of a step's batch; steps are counted from 0. */
  KeyedBatch matched(long step) {
    int[] rows = batches.rowsAt(step);
    long[] keys = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      keys[i] = key(rows[i], rows[i]);
    }
    return new KeyedBatch(batches.at(step), keys);
  }

  /**
   * Each prompt of a step's batch with the completion of the row before, the first with that of the
   * last. Rows of the same prompt are passed over: their completions match. A completion is cut at
   * its end where the two together would be too long. Empty where the loss uses none, or no two
   * prompts differ.
   */
  Optional<KeyedBatch> mismatched(long step) {
    if (!usesMismatched) {
      return Optional.empty();
    }
    int[] rows = batches.rowsAt(step);
    List<Example> batch = batches.at(step).examples();
    List<Example> mismatched = new ArrayList<>();
    long[] keys = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      for (int back = 1; back < rows.length; back++) {
        int other = Math.floorMod(i - back, rows.length);
        if (!batch.get(other).prompt().equals(batch.get(i).prompt())) {
          keys[mismatched.size()] = key(rows[i], rows[other]);
          mismatched.add(mismatch(batch.get(i), batch.get(other)));
          break;
        }
      }
    }
    return mismatched.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new KeyedBatch(
                new PreferenceBatch(ImmutableList.copyOf(mismatched)),
                Arrays.copyOf(keys, mismatched.size())));
  }

  private Example mismatch(Example prompt, Example completion) {
    ImmutableIntArray tokens = completion.completions().get(0);
    int room = Math.max(1, longest - prompt.prompt().length());
    ImmutableIntArray cut = tokens.subArray(0, Math.min(room, tokens.length()));
    return new Example(
        prompt.prompt(),
        ImmutableList.of(cut),
        prompt.origin() + " with the completion of " + completion.origin());
  }

  private static long key(int promptRow, int completionRow) {
    return (long) promptRow << Integer.SIZE | Integer.toUnsignedLong(completionRow);
  }
}
