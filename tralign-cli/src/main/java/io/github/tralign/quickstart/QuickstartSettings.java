package io.github.tralign.quickstart;

import org.immutables.value.Value;

/**
 * What the quickstart makes and how it trains.
 *
 * @param seed of everything that is drawn
 * @param threads that PyTorch uses: one, as a model so small gains little from more, and loses much
 *     where other programs run
 * @param model shape of the model
 * @param trainingPairs preference pairs to train on
 * @param mislabelled share of the training pairs whose two answers are swapped, as people err
 * @param heldOutPairs preference pairs to measure on, all with other prompts and without errors
 * @param sftSteps optimizer steps of the supervised stage
 * @param sftBatch demonstrations of such a step
 * @param sftLearningRate of the supervised stage, at its height
 * @param steps optimizer steps of each aligned run
 * @param batch preference pairs of such a step
 * @param learningRate of the aligned runs
 * @param beta of DPO
 * @param alpha of the soft update
 * @param tau of the hard update; not a divisor of {@code steps}, or the last reference is the
 *     policy itself and says nothing
 */
@Value.Builder
record QuickstartSettings(
    @Value.Default.Long(42) long seed,
    @Value.Default.Int(1) int threads,
    TinyLlama model,
    @Value.Default.Int(384) int trainingPairs,
    @Value.Default.Double(0.1) double mislabelled,
    @Value.Default.Int(128) int heldOutPairs,
    @Value.Default.Int(150) int sftSteps,
    @Value.Default.Int(32) int sftBatch,
    @Value.Default.Double(2e-3) double sftLearningRate,
    @Value.Default.Int(100) int steps,
    @Value.Default.Int(16) int batch,
    @Value.Default.Double(1e-4) double learningRate,
    @Value.Default.Double(0.1) double beta,
    @Value.Default.Double(0.6) double alpha,
    @Value.Default.Int(16) int tau) {

  /** About a million parameters; made for one to two minutes on two cores. */
  static QuickstartSettingsBuilder builder() {
    return new QuickstartSettingsBuilder().model(new TinyLlama(128, 512, 4, 4));
  }
}
