package io.github.tralign.loss;

/**
 * The loss of one completion and its derivative.
 *
 * @param value the loss
 * @param slope derivative with respect to {@code log π(y|x)}
 */
public record CompletionTerm(double value, double slope) {}
