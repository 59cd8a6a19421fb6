package io.github.tralign.optimizer;

/**
 * The settings of AdamW for one parameter in one step.
 *
 * @param learningRate for this parameter in this step
 * @param weightDecay decoupled weight decay
 */
public record ParameterUpdate(double learningRate, double weightDecay) {}
