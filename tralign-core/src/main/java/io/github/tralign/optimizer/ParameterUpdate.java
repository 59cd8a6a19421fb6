package io.github.tralign.optimizer;

/**
 * The numbers of AdamW that differ from parameter to parameter.
 *
 * @param learningRate of this step
 * @param weightDecay share of a weight that is taken off, times the learning rate
 */
public record ParameterUpdate(double learningRate, double weightDecay) {}
