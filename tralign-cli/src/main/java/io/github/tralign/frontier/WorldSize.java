package io.github.tralign.frontier;

/**
 * How large the world is that runs are compared in.
 *
 * @param hidden size of the policy's state, ≥ 1
 * @param sftSteps optimizer steps of supervised fine-tuning, on 64 fresh texts each, ≥ 1
 * @param pairs preference pairs that a run sees, each seen anew counted again; a multiple of 512
 * @param prompts prompts that a policy is measured on, ≥ 2
 */
public record WorldSize(int hidden, int sftSteps, int pairs, int prompts) {

  static final int BATCH = 32; // pairs of a step
  private static final int MOST_EPOCHS = 16;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is outside its range; the message begins with its
   *     name
   */
  public WorldSize {
    require(hidden >= 1, "hidden must be at least 1, not " + hidden);
    require(sftSteps >= 1, "sft steps must be at least 1, not " + sftSteps);
    int unit = BATCH * MOST_EPOCHS;
    require(
        pairs >= unit && pairs % unit == 0,
        "pairs must be a multiple of " + unit + ", not " + pairs);
    require(prompts >= 2, "prompts must be at least 2, not " + prompts);
  }

  /** The size of the documented experiment. */
  public static WorldSize ofDefaults() {
    return new WorldSize(64, 800, 8192, 1024);
  }

  /** Optimizer steps of a run. */
  int steps() {
    return pairs / BATCH;
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
