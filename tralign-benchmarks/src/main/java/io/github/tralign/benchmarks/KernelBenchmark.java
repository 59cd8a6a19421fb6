package io.github.tralign.benchmarks;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.kernel.Offline;
import io.github.tralign.djl.kernel.Products;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures a kernel and a straightforward computation of the same result; what matters is their
 * ratio.
 *
 * @param <F> the arrays that both work on
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 3)
public abstract class KernelBenchmark<F> {

  /** The model that determines the sizes of the arrays. */
  @Param({"PYTHIA_70M", "SMOLLM2_135M"})
  public Shape shape = Shape.PYTHIA_70M;

  final Engine engine = engine();
  final NDManager manager = engine.newBaseManager(Device.cpu());
  final Kernels kernels = Kernels.on(engine, Device.cpu(), Products.FP32);

  private @Nullable F prepared;

  /** Makes the arrays, always with the same values. */
  @Setup
  public void prepare() {
    engine.setRandomSeed(1);
    prepared = make();
  }

  /** Frees the memory. */
  @TearDown
  public void close() {
    manager.close();
  }

  abstract F make();

  F fixture() {
    if (prepared == null) {
      throw new IllegalStateException("call prepare() first");
    }
    return prepared;
  }

  /** Normally distributed values. */
  NDArray normal(double deviation, long... dimensions) {
    return manager.randomNormal(
        0, (float) deviation, new ai.djl.ndarray.types.Shape(dimensions), DataType.FLOAT32);
  }

  NDArray zeros(long... dimensions) {
    return manager.zeros(new ai.djl.ndarray.types.Shape(dimensions));
  }

  /** Runs a computation, frees its arrays and returns the first value of its result. */
  static float first(Supplier<NDArray> computation) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return computation.get().flatten().getFloat(0);
    }
  }

  private static Engine engine() {
    Offline.ensure();
    return Engine.getEngine("PyTorch");
  }
}
