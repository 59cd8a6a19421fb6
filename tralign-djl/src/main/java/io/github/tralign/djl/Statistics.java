package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenStatistic;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is told of tokens beside their log-probabilities. Each statistic is a pass of its own over
 * the vocabulary, so that log-probabilities are the same bit for bit whether one is asked for or
 * not.
 */
final class Statistics {

  /** Rows that are computed at once where their number is not set. */
  private static final int ROWS = 256;

  private final Kernels kernels;
  private final Shape shape;
  private final NDManager manager;
  private @Nullable NDArray buffer; // [rows, V], from the first statistic on
  private @Nullable NDArray referenceBuffer; // [rows, V], from the first divergence on

  /**
   * The statistics of a model.
   *
   * @param rows completion tokens whose logits exist at once, or 0 for as many as suit the memory
   */
  Statistics(Kernels kernels, int rows, int vocabularySize, NDManager manager) {
    this.kernels = kernels;
    this.shape = new Shape(rows > 0 ? rows : ROWS, vocabularySize);
    this.manager = manager;
  }

  /**
   * Each statistic that is asked for.
   *
   * @param reference asked only where a statistic needs it
   */
  Map<TokenStatistic, double[]> of(
      HeadInput policy, Supplier<HeadInput> reference, Set<TokenStatistic> asked) {
    Map<TokenStatistic, double[]> told = new EnumMap<>(TokenStatistic.class);
    for (TokenStatistic statistic : asked) {
      NDArray values =
          switch (statistic) {
            case COLLISION ->
                kernels.call(
                    policy.hidden().getManager(),
                    "collision",
                    policy.hidden(),
                    policy.table(),
                    buffer());
            case DIVERGENCE -> divergence(policy, reference.get());
          };
      told.put(statistic, values.toDoubleArray());
    }
    return told;
  }

  private NDArray divergence(HeadInput policy, HeadInput reference) {
    return kernels.call(
        policy.hidden().getManager(),
        "divergence",
        policy.hidden(),
        policy.table(),
        reference.hidden(),
        reference.table(),
        buffer(),
        referenceBuffer());
  }

  /**
   * The gradient at the hidden states, given that of each row's log-probability and divergence; the
   * head's own is added in place.
   */
  NDArray gradient(
      HeadInput policy,
      HeadInput reference,
      NDArray targets,
      TokenGradient slope,
      List<NDArray> tableGradient,
      NDManager scope) {
    return kernels.call(
        scope,
        "divergence_gradient",
        policy.hidden(),
        policy.table(),
        reference.hidden(),
        reference.table(),
        targets,
        scope.create(slope.logProbs()).toType(DataType.FLOAT32, false),
        scope.create(slope.divergence()).toType(DataType.FLOAT32, false),
        tableGradient,
        buffer(),
        referenceBuffer());
  }

  private NDArray buffer() {
    NDArray existing = buffer;
    if (existing == null) {
      existing = manager.create(shape, DataType.FLOAT32);
      buffer = existing;
    }
    return existing;
  }

  private NDArray referenceBuffer() {
    NDArray existing = referenceBuffer;
    if (existing == null) {
      existing = manager.create(shape, DataType.FLOAT32);
      referenceBuffer = existing;
    }
    return existing;
  }
}
