package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.tralign.djl.model.Rotary;
import java.util.Arrays;

/**
 * What a body needs for any weights, up to a length.
 *
 * @param length positions in the tables
 * @param cos rotary cosines [L, R]
 * @param sin rotary sines [L, R]
 * @param causal which position sees which [L, L]
 */
record Tables(int length, NDArray cos, NDArray sin, NDArray causal) {

  private static final int FIRST_LENGTH = 256;

  /** Tables for sequences of {@code longest} tokens and somewhat longer ones. */
  static Tables upTo(int longest, Rotary rotary, NDManager manager) {
    int length = FIRST_LENGTH;
    while (length < longest) {
      length *= 2;
    }
    Shape shape = new Shape(length, rotary.rotated());
    return new Tables(
        length,
        manager.create(rotary.cosines(length), shape),
        manager.create(rotary.sines(length), shape),
        triangle(length, manager));
  }

  void close() {
    cos.close();
    sin.close();
    causal.close();
  }

  private static NDArray triangle(int length, NDManager manager) {
    boolean[] causal = new boolean[length * length];
    for (int row = 0; row < length; row++) {
      Arrays.fill(causal, row * length, row * length + row + 1, true);
    }
    return manager.create(causal, new Shape(length, length));
  }
}
