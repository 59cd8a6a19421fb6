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
 * Statistics of the tokens' distributions. Each is a pass of its own over the vocabulary, so that
 * log-probabilities are the same bit for bit whether one is asked for or not.
 */
final class Statistics {

  /** Rows that are computed at once where their number is not set. */
  private static final int ROWS = 256;

  private final Kernels kernels;
  private final int rows;
  private final NDManager manager;
  private @Nullable NDArray buffer; // [rows, V], from the first statistic on
  private @Nullable NDArray referenceBuffer; // [rows, its V], from the first divergence on

  /**
   * The statistics of a model.
   *
   * @param rows completion tokens whose logits exist at once, or 0 for as many as suit the memory
   */
  Statistics(Kernels kernels, int rows, NDManager manager) {
    this.kernels = kernels;
    this.rows = rows > 0 ? rows : ROWS;
    this.manager = manager;
  }

  /**
   * Each statistic that is asked for.
   *
   * @param reference asked only where a statistic needs it
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
        reference.hidden(),
        reference.table(),
        buffer(policy),
        referenceBuffer(reference));
  }

  /**
   * The gradient at the hidden states, given that of each row's log-probability and divergence; the
   * head's own is added in place.
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
              "the divergence has a gradient only where policy and reference have the same"
                  + " vocabulary; the policy has %d ids, the reference %d",
              policy.vocabularySize(),
              reference.vocabularySize()));
    }
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

  /** The same buffer, unless the vocabulary has another size. */
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
