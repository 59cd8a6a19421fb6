package io.github.tralign.benchmarks;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.kernel.Products;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * Measures the product with an MLP's first matrix, forward and backward: with 16 bits of each
 * factor on AMX, and by PyTorch in fp32. The former requires a processor with AMX.
 */
public class ProductBenchmark extends KernelBenchmark<ProductBenchmark.Fixture> {

  /** Number of rows of x. */
  @Param("1200")
  public int tokens = 1200;

  /** Input, weights and biases, the gradient at the result, and that of the weights so far. */
  record Fixture(NDArray x, NDArray w, NDArray b, NDArray dy, NDArray g) {}

  @Override
  Fixture make() {
    long hidden = shape.hiddenSize;
    long inner = shape.innerSize;
    return new Fixture(
        normal(1, tokens, hidden),
        normal(0.02, inner, hidden),
        normal(0.02, inner),
        normal(1, tokens, inner),
        zeros(inner, hidden));
  }

  /** With 16 bits of each factor, as sums of bf16 products. */
  @Benchmark
  public float high() {
    return run(Kernels.on(engine, Device.cpu(), Products.FP32_HIGH));
  }

  /** In fp32. */
  @Benchmark
  public float plain() {
    return run(kernels);
  }

  private float run(Kernels kernels) {
    Fixture it = fixture();
    kernels.run("add_product", it.g(), it.dy(), it.x());
    return first(() -> kernels.call(manager, "product", it.x(), it.w(), it.b()));
  }
}
