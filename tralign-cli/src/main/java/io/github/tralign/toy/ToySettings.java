package io.github.tralign.toy;

import org.immutables.value.Value;

/**
 * The toy problem's settings. What the paper does not tell, which is nearly all, is chosen here;
 * {@code docs/experiments/toy.md} says why and shows other choices.
 *
 * @param seeds runs of each method, each with weights and a preference pair of its own
 * @param actions at each state of the tree (the paper's 3)
 * @param depth of the tree
 * @param sharedPrefix first actions that the chosen and the rejected sequence have in common
 * @param hidden size of the recurrent policy's state
 * @param sft what supervised fine-tuning shows
 * @param sftSteps its optimizer steps
 * @param sftLearningRate of its Adam
 * @param loss to align with
 * @param beta of the loss
 * @param learningRate of Adam
 * @param steps optimizer steps
 * @param alpha of the soft update (the paper's 0.6)
 * @param tau of the hard update (the paper's 8)
 * @param measureEvery steps from one measurement to the next
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
   * @throws IllegalArgumentException naming the setting that is outside its range
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
    loss.withBeta(beta); // which checks it
    if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("learning rate must be a number > 0, not " + learningRate);
    }
  }

  /** All settings as the experiment's document has them. */
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
