package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.tralign.djl.model.DecoderSpec;
import io.github.tralign.djl.model.Rotary;
import java.util.ArrayList;
import java.util.List;

/**
 * Cosines and sines of a model's rotary embeddings, for the first positions.
 *
 * @param length number of positions L
 * @param arrays the cosines [L, R] and then the sines [L, R] of each rotary embedding in turn; [2L,
 *     R] if the rotation depends on the length of the sequence, see {@link Rotary#cosines}
 */
record RotaryTables(int length, List<NDArray> arrays) {

  private static final int FIRST_LENGTH = 256;

  /** Tables for at least {@code longest} positions. */
  static RotaryTables upTo(int longest, DecoderSpec model, NDManager manager) {
    int length = FIRST_LENGTH;
    while (length < longest) {
      length *= 2;
    }
    boolean both = model.rotatesByLength();
    List<NDArray> arrays = new ArrayList<>();
    for (Rotary rotary : model.rotaries()) {
      Shape shape = new Shape((both ? 2L : 1L) * length, rotary.rotated());
      arrays.add(manager.create(rotary.cosines(length, both), shape));
      arrays.add(manager.create(rotary.sines(length, both), shape));
    }
    return new RotaryTables(length, arrays);
  }

  void close() {
    arrays.forEach(NDArray::close);
  }
}
