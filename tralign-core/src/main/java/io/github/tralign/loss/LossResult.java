package io.github.tralign.loss;

/**
 * What a loss says of a batch.
 *
 * @param value the share of these examples in the loss of the whole optimizer batch
 * @param gradient {@code ∂L/∂log π(y|x)} for each example and completion, of that same value
 * @param rewards the implicit reward of each example and completion, for reports: what the loss
 *     compares
 */
public record LossResult(double value, double[][] gradient, double[][] rewards) {}
