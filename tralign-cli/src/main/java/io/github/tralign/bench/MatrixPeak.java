package io.github.tralign.bench;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.kernel.Products;
import java.util.function.Supplier;

/**
 * Measures the fastest fp32 matrix product on a device, with the library that PyTorch chooses and
 * the one that the kernels use. On AMD processors, PyTorch chooses the slower one.
 */
public final class MatrixPeak {

  private static final int[] CPU_SIZES = {1024, 2048, 3072};
  private static final int[] GPU_SIZES = {2048, 4096, 8192};
  private static final double SECONDS_EACH = 0.5;

  private MatrixPeak() {}

  /**
   * Multiplies square matrices of several sizes for about three seconds. Set the engine's number of
   * threads before.
   *
   * @return floating-point operations per second of the fastest product
   */
  public static double measure(Device device) {
    Kernels kernels = Kernels.on(Engine.getEngine("PyTorch"), device, Products.FP32);
    double best = 0;
    for (int size : device.isGpu() ? GPU_SIZES : CPU_SIZES) {
      try (NDManager manager = NDManager.newBaseManager(device, "PyTorch")) {
        NDArray a = manager.randomUniform(-1, 1, new Shape(size, size), DataType.FLOAT32);
        NDArray b = manager.randomUniform(-1, 1, new Shape(size, size), DataType.FLOAT32);
        NDArray bias = manager.zeros(new Shape(size));
        double seconds =
            Math.min(
                fastest(() -> a.matMul(b)),
                fastest(() -> kernels.call(manager, "product", a, b, bias)));
        best = Math.max(best, 2.0 * size * size * size / seconds);
      }
    }
    return best;
  }

  private static double fastest(Supplier<NDArray> multiplication) {
    double fastest = Double.MAX_VALUE;
    double spent = 0;
    while (spent < SECONDS_EACH) {
      long start = System.nanoTime();
      try (NDArray product = multiplication.get()) {
        product.getFloat(0, 0); // waits for the GPU
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      fastest = Math.min(fastest, seconds);
      spent += seconds;
    }
    return fastest;
  }
}
