package io.github.tralign.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.GradientCollector;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * Measures the head: log-probabilities of the labels, and their gradient at hidden states and
 * table. Once in chunks, and once through all logits with autograd.
 */
public class HeadBenchmark extends KernelBenchmark<HeadBenchmark.Fixture> {

  /** As in the policy, see {@code Head}. */
  private static final int COLUMNS = 4096;

  /** Number of completion tokens: 8 pairs with 50 tokens per completion. */
  @Param("800")
  public int tokens = 800;

  /**
   * The arrays.
   *
   * @param hidden the hidden states [C, H]
   * @param table the head [V, H]
   * @param targets labels [C]
   * @param slope the gradient at each log-probability [C]
   * @param tableGradient the accumulated gradient of the head [V, H]
   * @param buffer for the kernel's probabilities [C · V]
   * @param columns columns of the head per chunk
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

  /** In chunks, with a hand-written backward pass. */
  @Benchmark
  public float fused() {
    return first(this::fusedGradient);
  }

  /** All logits, log-softmax, selection of the labels, and autograd. */
  @Benchmark
  public float plain() {
    return first(this::plainGradient);
  }

  /** The gradient at the hidden states. */
  NDArray fusedGradient() {
    Fixture it = fixture();
    NDList forward =
        kernels.callAll(
            manager,
            "log_probs",
            it.hidden(),
            it.table(),
            0.0,
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
        0.0,
        it.targets(),
        it.slope(),
        forward.get(1),
        List.of(it.tableGradient()),
        it.buffer(),
        tokens,
        it.columns());
  }

  /** The gradient at the hidden states; later calls add to that of the first. */
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
