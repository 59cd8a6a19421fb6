package io.github.tralign.reference;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The mean lag of a reference whose copies are known before the run. */
final class CopyLag {

  private static final int MOST =
      2_000; // copies to look at, since a rule may take long to find one

  private CopyLag() {}

  /**
   * The mean over the steps of a run of the lag of the reference, for each step that in the middle
   * between before and after it: half the run without a copy, {@code (τ − 1)/2} with one every τ
   * steps.
   */
  static OptionalDouble mean(ReferencePolicy rule, long steps, long stepsPerEpoch) {
    if (rule.countsEpochs() && stepsPerEpoch == Long.MAX_VALUE) {
      return OptionalDouble.empty();
    }
    double sum = 0;
    long copied = 0; // step of the last copy
    for (int n = 0; n < MOST && copied < steps; n++) {
      OptionalLong next = rule.nextCopyAfter(copied, stepsPerEpoch);
      if (next.isEmpty() || next.getAsLong() <= copied) { // the second breaks the contract
        return OptionalDouble.empty();
      }
      double window = Math.min(next.getAsLong(), steps) - copied;
      boolean copies = next.getAsLong() <= steps;
      sum += window * (copies ? window - 1 : window) / 2;
      copied += (long) window;
    }
    return copied < steps ? OptionalDouble.empty() : OptionalDouble.of(sum / steps);
  }
}
