package io.github.tralign.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;

/**
 * Measures a step of AdamW with clipping and zeroing of gradients: fused, and with in-place
 * operators on each tensor.
 */
public class AdamWBenchmark extends KernelBenchmark<AdamWBenchmark.Fixture> {

  private static final double LEARNING_RATE = 1e-6;
  private static final double DECAY = 0.1;
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;
  private static final double MAX_NORM = 1;

  private int step;

  /** Weights, gradients, moments and step counts of all parameters. */
  record Fixture(
      List<NDArray> weights,
      List<NDArray> gradients,
      List<NDArray> first,
      List<NDArray> second,
      List<NDArray> steps) {}

  @Override
  Fixture make() {
    List<NDArray> weights = new ArrayList<>();
    for (var parameter : shape.parameters()) {
      weights.add(normal(0.02, parameter.dimensions().toArray()));
    }
    return new Fixture(
        weights,
        weights.stream().map(it -> normal(1e-2, it.getShape().getShape())).toList(),
        weights.stream().map(NDArray::zerosLike).toList(),
        weights.stream().map(NDArray::zerosLike).toList(),
        weights.stream().map(it -> manager.create(0f)).toList());
  }

  /** All parameters at once. */
  @Benchmark
  public void fused() {
    Fixture it = fixture();
    kernels.run(
        "adamw",
        it.weights(),
        it.gradients(),
        it.first(),
        it.second(),
        it.steps(),
        it.gradients(),
        new long[] {it.weights().size()},
        new double[] {LEARNING_RATE},
        new double[] {DECAY},
        BETA1,
        BETA2,
        EPSILON,
        MAX_NORM);
    kernels.run("zero", it.gradients());
  }

  /** One operator for each operation in the equations. */
  @Benchmark
  public void plain() {
    Fixture it = fixture();
    step++;
    double squares = 0;
    for (NDArray gradient : it.gradients()) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        squares += gradient.square().sum().getFloat();
      }
    }
    double scale = Math.min(1, MAX_NORM / (Math.sqrt(squares) + 1e-6));
    for (int i = 0; i < it.weights().size(); i++) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        update(
            it.weights().get(i),
            it.gradients().get(i),
            it.first().get(i),
            it.second().get(i),
            scale);
      }
    }
  }

  private void update(NDArray weight, NDArray gradient, NDArray m, NDArray v, double scale) {
    if (scale < 1) {
      gradient.muli(scale);
    }
    m.muli(BETA1).addi(gradient.mul(1 - BETA1));
    v.muli(BETA2).addi(gradient.square().muli(1 - BETA2));
    NDArray root = v.div(1 - Math.pow(BETA2, step)).sqrt().addi(EPSILON);
    weight.muli(1 - LEARNING_RATE * DECAY);
    weight.subi(m.div(root).muli(LEARNING_RATE / (1 - Math.pow(BETA1, step))));
    gradient.subi(gradient);
  }
}
