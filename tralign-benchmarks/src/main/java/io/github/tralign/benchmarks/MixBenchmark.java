package io.github.tralign.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;

/** Measures a soft update of the reference: in one pass, and tensor by tensor. */
public class MixBenchmark extends KernelBenchmark<MixBenchmark.Fixture> {

  private static final double WEIGHT = 0.6;

  /** The weights of reference and policy. */
  record Fixture(List<NDArray> reference, List<NDArray> policy) {}

  @Override
  Fixture make() {
    List<NDArray> reference = new ArrayList<>();
    List<NDArray> policy = new ArrayList<>();
    for (var parameter : shape.parameters()) {
      reference.add(normal(0.02, parameter.dimensions().toArray()));
      policy.add(normal(0.02, parameter.dimensions().toArray()));
    }
    return new Fixture(reference, policy);
  }

  /** In place, all at once. */
  @Benchmark
  public void fused() {
    Fixture it = fixture();
    kernels.run("mix", WEIGHT, it.reference(), it.policy());
  }

  /** New tensors that replace the old ones. */
  @Benchmark
  public void plain() {
    Fixture it = fixture();
    for (int i = 0; i < it.policy().size(); i++) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        NDArray old = it.reference().get(i);
        NDArray mixed = old.mul(1 - WEIGHT).add(it.policy().get(i).mul(WEIGHT));
        NDScope.unregister(mixed);
        it.reference().set(i, mixed);
        old.close();
      }
    }
  }
}
