package io.github.tralign.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** The fastest fp32 matrix product that the engine is seen to do on this machine. */
public final class MatrixPeak {

  private static final int[] SIZES = {1024, 2048, 3072};
  private static final double SECONDS_EACH = 1;

  private MatrixPeak() {}

  /**
   * Multiplies square matrices of some sizes for about three seconds. Call it when the engine has
   * been told its number of threads.
   *
   * @return floating point operations a second, of the best product
   */
  public static double measure() {
    double best = 0;
    for (int size : SIZES) {
      best = Math.max(best, 2.0 * size * size * size / fastest(size));
    }
    return best;
  }

  private static double fastest(int size) {
    double fastest = Double.MAX_VALUE;
    double spent = 0;
    try (NDManager manager = NDManager.newBaseManager(null, "PyTorch")) {
      NDArray a = manager.randomUniform(-1, 1, new Shape(size, size), DataType.FLOAT32);
      NDArray b = manager.randomUniform(-1, 1, new Shape(size, size), DataType.FLOAT32);
      while (spent < SECONDS_EACH) {
        long start = System.nanoTime();
        a.matMul(b).close();
        double seconds = (System.nanoTime() - start) / 1e9;
        fastest = Math.min(fastest, seconds);
        spent += seconds;
      }
    }
    return fastest;
  }
}
