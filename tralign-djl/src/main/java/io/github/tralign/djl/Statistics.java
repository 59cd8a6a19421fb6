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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of the next-token distributions. Each is a separate pass over the vocabulary, so
 * log-probabilities are bit for bit the same whether or not a statistic is requested.
 */
final class Statistics {

  /** Rows per chunk, unless set. */
  private static final int ROWS = 256;

  private final Kernels kernels;
  private final int rows;
  private final NDManager manager;
  private @Nullable NDArray buffer; // [rows, V], allocated by the first statistic
  private @Nullable NDArray
      referenceBuffer; // [rows, reference's V], allocated by the first divergence

  /**
   * Makes the statistics of a model.
   *
   * @param rows completion tokens whose logits are computed at once, or 0 for the default
   */
  Statistics(Kernels kernels, int rows, NDManager manager) {
    this.kernels = kernels;
    this.rows = rows > 0 ? rows : ROWS;
    this.manager = manager;
  }

  /**
   * Computes the requested statistics, [C] each.
   *
   * @param reference called only if a statistic requires it
   */
  Map<TokenStatistic, double[]> of(
      HeadInput policy, Supplier<HeadInput> reference, Set<TokenStatistic> asked) {
    Map<TokenStatistic, double[]> computed = new EnumMap<>(TokenStatistic.class);
    for (TokenStatistic statistic : asked) {
      NDArray values =
          switch (statistic) {
            case COLLISION ->
                kernels.call(
                    policy.hidden().getManager(),
                    "collision",
                    policy.hidden(),
                    policy.table(),
                    policy.cap(),
                    buffer(policy));
            case DIVERGENCE -> divergence(policy, reference.get());
          };
      computed.put(statistic, values.toDoubleArray());
    }
    return computed;
  }

  private NDArray divergence(HeadInput policy, HeadInput reference) {
    return kernels.call(
        policy.hidden().getManager(),
        "divergence",
        policy.hidden(),
        policy.table(),
        policy.cap(),
        reference.hidden(),
        reference.table(),
        reference.cap(),
        buffer(policy),
        referenceBuffer(reference));
  }

  /**
   * The gradient at the hidden states [C, H], given the gradients at each row's log-probability and
   * divergence; the gradient of the head's table is added in place.
   *
   * @throws IllegalStateException if policy and reference have vocabularies of different sizes
   */
  NDArray gradient(
      HeadInput policy,
      HeadInput reference,
      NDArray targets,
      TokenGradient slope,
      List<NDArray> tableGradient,
      NDManager scope) {
    if (policy.vocabularySize() != reference.vocabularySize()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "the divergence's gradient requires policy and reference to have the same vocabulary size;"
                  + " the policy has %d ids, the reference %d",
              policy.vocabularySize(),
              reference.vocabularySize()));
    }
    return kernels.call(
        scope,
        "divergence_gradient",
        policy.hidden(),
        policy.table(),
        policy.cap(),
        reference.hidden(),
        reference.table(),
        reference.cap(),
        targets,
        scope.create(slope.logProbs()).toType(DataType.FLOAT32, false),
        scope.create(slope.divergence()).toType(DataType.FLOAT32, false),
        tableGradient,
        buffer(policy),
        referenceBuffer(reference));
  }

  private NDArray buffer(HeadInput input) {
    buffer = fitting(buffer, input);
    return buffer;
  }

  private NDArray referenceBuffer(HeadInput input) {
    referenceBuffer = fitting(referenceBuffer, input);
    return referenceBuffer;
  }

  /** The existing buffer if it fits the vocabulary, else a new one. */
  private NDArray fitting(@Nullable NDArray existing, HeadInput input) {
    Shape shape = new Shape(rows, input.vocabularySize());
    if (existing != null && existing.getShape().equals(shape)) {
      return existing;
    }
    if (existing != null) {
      existing.close();
    }
    return manager.create(shape, DataType.FLOAT32);
  }
}
