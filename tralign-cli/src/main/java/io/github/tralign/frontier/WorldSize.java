package io.github.tralign.frontier;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;

/**
 * How large the world is that runs are compared in.
 *
 * @param hidden size of the policy's state, from 1 to 1024
 * @param sftSteps optimizer steps of supervised fine-tuning, on 64 fresh texts each, from 1 to
 *     20000
 * @param pairs preference pairs that a run sees, each seen anew counted again; a multiple of 512,
 *     at most 1048576
 * @param prompts prompts that a policy is measured on, from 2 to 131072
 */
public record WorldSize(int hidden, int sftSteps, int pairs, int prompts) {

  /** The columns of results that have the sizes, in the order of the components. */
  static final ImmutableList<String> COLUMNS =
      ImmutableList.of("hidden", "sft_steps", "pairs", "prompts");

  private static final ImmutableList<String> SETTINGS =
      ImmutableList.of("hidden", "sftSteps", "pairs", "prompts");

  static final int BATCH = 32; // pairs of a step
  private static final int MOST_EPOCHS = 16;

  // What a few gigabytes of memory hold.
  private static final int MOST_HIDDEN = 1024;
  private static final int MOST_SFT_STEPS = 20_000;
  private static final int MOST_PAIRS = 1 << 20;
  private static final int MOST_PROMPTS = 1 << 17;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is outside its range; the message begins with its
   *     name
   */
  public WorldSize {
    requireRange("hidden", hidden, 1, MOST_HIDDEN);
    requireRange("sft steps", sftSteps, 1, MOST_SFT_STEPS);
    int unit = BATCH * MOST_EPOCHS;
    requireRange("pairs", pairs, unit, MOST_PAIRS);
    if (pairs % unit != 0) {
      throw new IllegalArgumentException("pairs must be a multiple of " + unit + ", not " + pairs);
    }
    requireRange("prompts", prompts, 2, MOST_PROMPTS);
  }

  /** The size of the documented experiment. */
  public static WorldSize ofDefaults() {
    return new WorldSize(64, 800, 8192, 1024);
  }

  /** Optimizer steps of a run. */
  int steps() {
    return pairs / BATCH;
  }

  /** A size that two worlds do not share. */
  record Difference(String name, String setting, int mine, int other) {}

  /** The first size that differs. */
  Optional<Difference> differenceFrom(WorldSize other) {
    for (int i = 0; i < COLUMNS.size(); i++) {
      int mine = values().get(i);
      int others = other.values().get(i);
      if (mine != others) {
        return Optional.of(new Difference(COLUMNS.get(i), SETTINGS.get(i), mine, others));
      }
    }
    return Optional.empty();
  }

  private List<Integer> values() {
    return List.of(hidden, sftSteps, pairs, prompts);
  }

  private static void requireRange(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " must be at least " + least + " and at most " + most + ", not " + value);
    }
  }
}
