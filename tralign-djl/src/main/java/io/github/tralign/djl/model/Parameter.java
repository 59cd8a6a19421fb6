package io.github.tralign.djl.model;

import com.google.common.primitives.ImmutableLongArray;

/**
 * A parameter of a model.
 *
 * @param name its name in a Hugging Face checkpoint
 * @param part the part of the decoder it belongs to
 * @param layer the index of its layer from 0, or {@link #NO_LAYER}
 * @param head the index of the only head it belongs to, or {@link #NO_HEAD}
 * @param role its role in the part, which determines its initial values
 * @param dimensions its shape
 */
public record Parameter(
    String name, Part part, int layer, int head, Role role, ImmutableLongArray dimensions) {

  /** The layer of parameters outside the layers, such as the embedding. */
  public static final int NO_LAYER = -1;

  /** The head of parameters that do not belong to a single one. */
  public static final int NO_HEAD = -1;

  /** The role of a parameter, which determines its values in an untrained model. */
  public enum Role {
    /** A matrix, initially drawn from a normal distribution. */
    MATRIX,
    /** A matrix that is stored as [in, out] instead of [out, in]. */
    TRANSPOSED_MATRIX,
    /** The weight of a norm, initially one. */
    NORM,
    /** A bias, initially zero. */
    BIAS,
    /** The matrix A [r, in] of an adapter. */
    ADAPTER_A,
    /** The matrix B [out, r] of an adapter. */
    ADAPTER_B,
    /** The factor of the product B·A of an adapter, a scalar. */
    ADAPTER_SCALE
  }

  /** Whether it has two dimensions. */
  public boolean isMatrix() {
    return switch (role) {
      case MATRIX, TRANSPOSED_MATRIX, ADAPTER_A, ADAPTER_B -> true;
      case NORM, BIAS, ADAPTER_SCALE -> false;
    };
  }

  /** The number of values. */
  public long size() {
    return dimensions.stream().reduce(1, Math::multiplyExact);
  }

  /** Its name in the kernels, unique within its layer. */
  public String kernelName() {
    return part.kernelName()
        + (head == NO_HEAD ? "" : "." + head)
        + switch (role) {
          case MATRIX, NORM -> ".weight";
          case TRANSPOSED_MATRIX -> ".transposed";
          case BIAS -> ".bias";
          case ADAPTER_A -> ".lora_a";
          case ADAPTER_B -> ".lora_b";
          case ADAPTER_SCALE -> ".lora_scale";
        };
  }
}
