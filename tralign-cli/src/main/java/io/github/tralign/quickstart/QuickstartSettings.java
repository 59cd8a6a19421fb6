package io.github.tralign.quickstart;

import org.immutables.value.Value;

/**
 * The settings of the quickstart.
 *
 * @param seed the random seed
 * @param threads number of PyTorch's threads; one, since such a small model gains little from more
 *     and loses much when other programs are running
 * @param model the model's shape
 * @param trainingPairs number of preference pairs to train on
 * @param mislabelled share of training pairs whose answers are swapped, like errors of annotators
 * @param heldOutPairs number of preference pairs to measure on, with other prompts and without
 *     errors
 * @param sftSteps optimizer steps of supervised fine-tuning
 * @param sftBatch demonstrations per step of supervised fine-tuning
 * @param sftLearningRate peak learning rate of supervised fine-tuning
 * @param steps optimizer steps of each alignment run
 * @param batch preference pairs per step of alignment
 * @param learningRate learning rate of alignment
 * @param beta β of DPO
 * @param alpha α of the soft update
 * @param tau τ of the hard update; not a divisor of {@code steps}, since the last reference would
 *     then equal the policy
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

  /** Defaults with about a million parameters, for one to two minutes on two cores. */
  static QuickstartSettingsBuilder builder() {
    return new QuickstartSettingsBuilder().model(new TinyLlama(128, 512, 4, 4));
  }
}
