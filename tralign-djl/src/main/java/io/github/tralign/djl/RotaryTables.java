package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.tralign.djl.model.Rotary;
import java.util.ArrayList;
import java.util.List;

/**
 * Cosines and sines of a model's rotary embeddings, for the first positions.
 *
 * @param length number of positions L
 * @param arrays the cosines [L, R] and then the sines [L, R] of each rotary embedding in turn
 */
record RotaryTables(int length, List<NDArray> arrays) {

  private static final int FIRST_LENGTH = 256;

  /** Tables for at least {@code longest} positions. */
  static RotaryTables upTo(int longest, List<Rotary> rotaries, NDManager manager) {
    int length = FIRST_LENGTH;
    while (length < longest) {
      length *= 2;
    }
    List<NDArray> arrays = new ArrayList<>();
    for (Rotary rotary : rotaries) {
      Shape shape = new Shape(length, rotary.rotated());
      arrays.add(manager.create(rotary.cosines(length), shape));
      arrays.add(manager.create(rotary.sines(length), shape));
    }
    return new RotaryTables(length, arrays);
  }

  void close() {
    arrays.forEach(NDArray::close);
  }
}
