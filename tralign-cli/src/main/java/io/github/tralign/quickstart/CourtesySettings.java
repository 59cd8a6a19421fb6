package io.github.tralign.quickstart;

import org.immutables.value.Value;

/**
 * The settings of a quickstart with a real model.
 *
 * @param seed the random seed
 * @param threads number of PyTorch's threads
 * @param trainingPairs at most so many of the pairs that are not held out
 * @param heldOutPairs at most so many of those that are
 * @param batch preference pairs of an optimizer step
 * @param learningRate the largest, which then falls linearly
 * @param beta β of DPO
 * @param alpha α of the soft update
 * @param rank of the adapter
 * @param samples answers that are drawn for each question, to measure KL and courtesy
 * @param maxNewTokens tokens of an answer
 * @param shown questions whose answers are shown
 */
@Value.Builder
record CourtesySettings(
    @Value.Default.Long(42) long seed,
    @Value.Default.Int(1) int threads,
    @Value.Default.Int(240) int trainingPairs,
    @Value.Default.Int(24) int heldOutPairs,
    @Value.Default.Int(8) int batch,
    @Value.Default.Double(5e-4) double learningRate,
    @Value.Default.Double(0.1) double beta,
    @Value.Default.Double(0.6) double alpha,
    @Value.Default.Int(16) int rank,
    @Value.Default.Int(1) int samples,
    @Value.Default.Int(32) int maxNewTokens,
    @Value.Default.Int(6) int shown) {}
