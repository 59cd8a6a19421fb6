package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.tralign.djl.kernel.Kernels;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.function.DoubleConsumer;

/**
 * The values of an array in row-major order, as numbers in Java.
 *
 * @param manager of what is copied from the device
 */
record ArrayValues(NDArray array, NDManager manager, Kernels kernels) {

  /** A copy of all. */
  double[] all() {
    DoubleBuffer values = DoubleBuffer.allocate(Math.toIntExact(array.size()));
    forEach(values::put);
    return values.array();
  }

  /**
   * Passes them on, with 16 MiB of them in Java's memory at a time.
   *
   * @return how many there are
   */
  long forEach(DoubleConsumer consumer) {
    return forEach(Parameters.CHUNK, consumer);
  }

  /**
   * The same with parts of another size.
   *
   * @param part the number of values in Java's memory, ≥ 1
   */
  long forEach(int part, DoubleConsumer consumer) {
    FloatBuffer floats = FloatBuffer.allocate((int) Math.min(part, array.size()));
    for (long first = 0; first < array.size(); first += floats.limit()) {
      floats.clear().limit((int) Math.min(part, array.size() - first));
      Parameters.read(array, first, floats, manager, kernels);
      for (int i = 0; i < floats.limit(); i++) {
        consumer.accept(floats.get(i));
      }
    }
    return array.size();
  }
}
