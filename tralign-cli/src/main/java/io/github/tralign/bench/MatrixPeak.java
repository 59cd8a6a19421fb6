package io.github.tralign.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** The fastest fp32 matrix product that the engine is seen to do on a device. */
public final class MatrixPeak {

  private static final int[] CPU_SIZES = {1024, 2048, 3072};
  private static final int[] GPU_SIZES = {2048, 4096, 8192};
  private static final double SECONDS_EACH = 1;

  private MatrixPeak() {}

  /**
   * Multiplies square matrices of some sizes for about three seconds. Call it when the engine has
   * been told its number of threads.
   *
   * @return floating point operations a second, of the best product
   */
  public static double measure(Device device) {
    double best = 0;
    for (int size : device.isGpu() ? GPU_SIZES : CPU_SIZES) {
      best = Math.max(best, 2.0 * size * size * size / fastest(size, device));
    }
    return best;
  }

  private static double fastest(int size, Device device) {
    double fastest = Double.MAX_VALUE;
    double spent = 0;
    try (NDManager manager = NDManager.newBaseManager(device, "PyTorch")) {
      NDArray a = manager.randomUniform(-1, 1, new Shape(size, size), DataType.FLOAT32);
      NDArray b = manager.randomUniform(-1, 1, new Shape(size, size), DataType.FLOAT32);
      while (spent < SECONDS_EACH) {
        long start = System.nanoTime();
        try (NDArray product = a.matMul(b)) {
          product.getFloat(0, 0); // a GPU has only been asked so far
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        fastest = Math.min(fastest, seconds);
        spent += seconds;
      }
    }
    return fastest;
  }
}
