package io.github.tralign.djl.model;

import com.google.common.primitives.ImmutableLongArray;

/**
 * A parameter of a model.
 *
 * @param name its name in a Hugging Face checkpoint
 * @param part what it belongs to
 * @param layer the layer from 0, or {@link #NO_LAYER}
 * @param role what it is there, and what it is initialised with
 * @param dimensions its shape
 */
public record Parameter(
    String name, Part part, int layer, Role role, ImmutableLongArray dimensions) {

  /** Outside of the layers. */
  public static final int NO_LAYER = -1;

  /** How a fresh model begins: matrices at random, norms at one, biases at zero. */
  public enum Role {
    /** Drawn from a normal distribution. */
    MATRIX,
    /** One. */
    NORM,
    /** Zero. */
    BIAS
  }

  /** Whether it has two dimensions. */
  public boolean isMatrix() {
    return role == Role.MATRIX;
  }

  /** Number of values. */
  public long size() {
    return dimensions.stream().reduce(1, Math::multiplyExact);
  }

  /** Its name in the kernels, among those of its layer. */
  public String kernelName() {
    return part.kernelName() + (role == Role.BIAS ? ".bias" : ".weight");
  }
}
