package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.tralign.djl.model.Rotary;

/**
 * What a body needs for any weights, up to a length.
 *
 * @param length positions in the tables
 * @param cos rotary cosines [L, R]
 * @param sin rotary sines [L, R]
 */
record Tables(int length, NDArray cos, NDArray sin) {

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
        manager.create(rotary.sines(length), shape));
  }

  void close() {
    cos.close();
    sin.close();
  }
}
