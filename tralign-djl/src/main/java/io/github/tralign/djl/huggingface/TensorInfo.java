package io.github.tralign.djl.huggingface;

import com.google.common.primitives.ImmutableLongArray;

/**
 * One tensor's checked entry in a safetensors header.
 *
 * @param name the tensor's name, such as {@code gpt_neox.embed_in.weight}
 * @param dtype the type of its elements in the file
 * @param dimensions its shape; empty for a scalar, and a dimension may be zero
 * @param begin offset of its first byte, counted from the end of the header
 * @param end offset after its last byte
 */
public record TensorInfo(
    String name, Dtype dtype, ImmutableLongArray dimensions, long begin, long end) {

  /** The shape as a new array. */
  public long[] shape() {
    return dimensions.toArray();
  }

  /** The number of elements: the product of the dimensions, 1 for a scalar. */
  public long elements() {
    return dimensions.stream().reduce(1, Math::multiplyExact);
  }
}
