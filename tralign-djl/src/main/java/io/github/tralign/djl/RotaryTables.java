package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.tralign.djl.model.Rotary;
import java.util.ArrayList;
import java.util.List;

/**
 * Cosines and sines of a model's rotary embeddings, up to a length.
 *
 * @param length positions in the tables
 * @param arrays cosines and sines [L, R] of each embedding, one after the other
 */
record RotaryTables(int length, List<NDArray> arrays) {

  private static final int FIRST_LENGTH = 256;

  /** Tables for sequences of {@code longest} tokens and somewhat longer ones. */
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
