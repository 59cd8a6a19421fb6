package io.github.tralign.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * The head: log-probabilities of the labels, and their gradient in hidden states and table; in
 * chunks without logits, and through all logits with autograd.
 */
public class HeadBenchmark extends KernelBenchmark<HeadBenchmark.Fixture> {

  /** As the policy has it: see {@code Head}. */
  private static final int COLUMNS = 4096;

  /** Completion tokens: those of 8 pairs of 50. */
  @Param("800")
  public int tokens = 800;

  /**
   * The arrays.
   *
   * @param hidden states [C, H]
   * @param table the head [V, H]
   * @param targets labels [C]
   * @param slope the gradient at each log-probability [C]
   * @param tableGradient what the kernel adds to [V, H]
   * @param buffer for the kernel's probabilities [C V]
   * @param columns of the head that are computed at once
   */
  record Fixture(
      NDArray hidden,
      NDArray table,
      NDArray targets,
      NDArray slope,
      NDArray tableGradient,
      NDArray buffer,
      int columns) {}

  @Override
  Fixture make() {
    int columns = Math.min(COLUMNS, shape.vocabularySize);
    return new Fixture(
        normal(1, tokens, shape.hiddenSize),
        normal(0.02, shape.vocabularySize, shape.hiddenSize),
        manager.randomInteger(
            0, shape.vocabularySize, new ai.djl.ndarray.types.Shape(tokens), DataType.INT64),
        normal(1e-3, tokens),
        zeros(shape.vocabularySize, shape.hiddenSize),
        zeros((long) tokens * shape.vocabularySize),
        columns);
  }

  /** Chunk by chunk, derivatives written out. */
  @Benchmark
  public float fused() {
    return first(this::fusedGradient);
  }

  /** All logits, log-softmax, the labels' values, and back by autograd. */
  @Benchmark
  public float plain() {
    return first(this::plainGradient);
  }

  /** At the hidden states. */
  NDArray fusedGradient() {
    Fixture it = fixture();
    NDList forward =
        kernels.callAll(
            manager,
            "log_probs",
            it.hidden(),
            it.table(),
            it.targets(),
            it.buffer(),
            tokens,
            it.columns(),
            true);
    return kernels.call(
        manager,
        "head_gradient",
        it.hidden(),
        it.table(),
        it.targets(),
        it.slope(),
        forward.get(1),
        List.of(it.tableGradient()),
        it.buffer(),
        tokens,
        it.columns());
  }

  /** At the hidden states; the first call's is exact, later ones add to it. */
  NDArray plainGradient() {
    Fixture it = fixture();
    it.hidden().setRequiresGradient(true);
    it.table().setRequiresGradient(true);
    try (GradientCollector collector = engine.newGradientCollector()) {
      NDArray logProbs = it.hidden().matMul(it.table().transpose()).logSoftmax(1);
      NDArray labels = logProbs.gather(it.targets().expandDims(1), 1);
      collector.backward(labels.flatten().mul(it.slope()).sum());
    }
    return it.hidden().getGradient();
  }
}
