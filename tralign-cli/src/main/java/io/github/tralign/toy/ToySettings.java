package io.github.tralign.toy;

import org.immutables.value.Value;

/**
 * The settings of the toy problem. The paper leaves most of them open; {@code
 * docs/experiments/toy.md} explains the choices and shows others.
 *
 * @param seeds number of runs of each method, each with different weights and preference pair, ≥ 1
 * @param actions number of actions at each state of the tree (3 in the paper)
 * @param depth depth of the tree, from 1 to 8
 * @param sharedPrefix number of first actions that chosen and rejected sequence share, in [0,
 *     depth)
 * @param hidden size of the recurrent policy's state, ≥ 1
 * @param sft the data of supervised fine-tuning
 * @param sftSteps optimizer steps of supervised fine-tuning
 * @param sftLearningRate learning rate of supervised fine-tuning
 * @param loss the alignment loss
 * @param beta β of the loss
 * @param learningRate learning rate of alignment, > 0
 * @param steps optimizer steps of alignment, ≥ 1
 * @param alpha α of the soft update (0.6 in the paper)
 * @param tau τ of the hard update (8 in the paper)
 * @param measureEvery steps between measurements, ≥ 1
 */
@Value.Builder
public record ToySettings(
    @Value.Default.Int(100) int seeds,
    @Value.Default.Int(3) int actions,
    @Value.Default.Int(4) int depth,
    @Value.Default.Int(0) int sharedPrefix,
    @Value.Default.Int(16) int hidden,
    SftData sft,
    @Value.Default.Int(100) int sftSteps,
    @Value.Default.Double(1e-2) double sftLearningRate,
    ToyLoss loss,
    @Value.Default.Double(1) double beta,
    @Value.Default.Double(1e-2) double learningRate,
    @Value.Default.Int(150) int steps,
    @Value.Default.Double(0.6) double alpha,
    @Value.Default.Int(8) int tau,
    @Value.Default.Int(1) int measureEvery) {

  private static final int DEEPEST = 8; // 3^8 = 6561 leaves, walked at each step

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a setting is outside its range
   */
  public ToySettings {
    require(seeds >= 1, "seeds", "at least 1", seeds);
    require(depth >= 1 && depth <= DEEPEST, "depth", "from 1 to " + DEEPEST, depth);
    require(
        sharedPrefix >= 0 && sharedPrefix < depth,
        "shared prefix",
        "from 0 to " + (depth - 1) + ", as the depth is " + depth,
        sharedPrefix);
    require(hidden >= 1, "hidden", "at least 1", hidden);
    require(steps >= 1, "steps", "at least 1", steps);
    require(measureEvery >= 1, "measure every", "at least 1", measureEvery);
    loss.withBeta(beta); // checks beta
    if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("learning rate must be a number > 0, not " + learningRate);
    }
  }

  /** The settings of the documented experiment. */
  public static ToySettings ofDefaults() {
    return builder().build();
  }

  /** A builder that starts from {@link #ofDefaults()}. */
  public static ToySettingsBuilder builder() {
    return new ToySettingsBuilder().sft(SftData.PAIR).loss(ToyLoss.DPO);
  }

  TreeMdp tree() {
    return new TreeMdp(actions, depth);
  }

  private static void require(boolean holds, String name, String range, int value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be " + range + ", not " + value);
    }
  }
}
