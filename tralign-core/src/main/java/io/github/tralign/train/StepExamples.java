package io.github.tralign.train;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Batch;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the steps of a run score: the examples of a batch, and for some losses mismatched ones.
 *
 * @param usesMismatched whether the loss asks for mismatched examples
 * @param longest tokens that a prompt with a completion may have
 */
record StepExamples(boolean usesMismatched, int longest) {

  /** The examples alone. */
  static final StepExamples MATCHED = new StepExamples(false, Integer.MAX_VALUE);

  /** What the loss of a run scores. */
  static StepExamples of(TrainerSettings settings) {
    return new StepExamples(
        settings.loss().usesMismatched(),
        Math.min(settings.data().maxLength(), settings.policy().maxLength()));
  }

  /** The examples of a batch. */
  KeyedBatch matched(Batch batch) {
    long[] keys = batch.rows().stream().mapToLong(row -> key(row, row)).toArray();
    return new KeyedBatch(batch.examples(), keys);
  }

  /**
   * Each prompt of a batch with the completion of the row before, the first with that of the last.
   * Rows of the same prompt are skipped: their completions match. A completion is cut at its end
   * where the two together would be too long. Empty where the loss uses none, or no two prompts
   * differ.
   */
  Optional<KeyedBatch> mismatched(Batch step) {
    if (!usesMismatched) {
      return Optional.empty();
    }
    ImmutableIntArray rows = step.rows();
    List<Example> batch = step.examples().examples();
    List<Example> mismatched = new ArrayList<>();
    long[] keys = new long[rows.length()];
    for (int i = 0; i < rows.length(); i++) {
      for (int back = 1; back < rows.length(); back++) {
        int other = Math.floorMod(i - back, rows.length());
        if (!batch.get(other).prompt().equals(batch.get(i).prompt())) {
          keys[mismatched.size()] = key(rows.get(i), rows.get(other));
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
