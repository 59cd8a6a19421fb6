package io.github.tralign.djl.huggingface;

import com.google.common.primitives.ImmutableLongArray;
import java.nio.FloatBuffer;
import java.util.Locale;

/**
 * Provides one tensor's fp32 values to a writer, part by part, so that no second copy of a model is
 * needed in memory. Stored in 16 bits, they are rounded to nearest, ties to even.
 *
 * @param dimensions the shape; empty for a scalar, and a dimension may be zero
 * @param reader reads the values
 * @param dtype the type in which they are stored: F32, BF16 or F16
 */
public record TensorSource(ImmutableLongArray dimensions, Reader reader, Dtype dtype) {

  /** Reads the values of a tensor, part by part. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Fills {@code target} to its limit with the elements from {@code firstElement} on, counted in
     * row-major order. A writer reads the parts in order, each element once.
     */
    void read(long firstElement, FloatBuffer target);
  }

  /**
   * Checks the type and the shape: no dimension is negative, and the size in bytes as fp32 fits a
   * {@code long}.
   */
  public TensorSource {
    if (dtype != Dtype.F32 && dtype != Dtype.BF16 && dtype != Dtype.F16) {
      throw new IllegalArgumentException("dtype is " + dtype + "; expected F32, BF16 or F16");
    }
    long bytes = Float.BYTES;
    for (int i = 0; i < dimensions.length(); i++) {
      if (dimensions.get(i) < 0) {
        throw new IllegalArgumentException("shape " + dimensions + " has a negative dimension");
      }
      bytes = Math.multiplyExact(bytes, dimensions.get(i));
    }
  }

  /** A tensor that is stored as F32. */
  public TensorSource(ImmutableLongArray dimensions, Reader reader) {
    this(dimensions, reader, Dtype.F32);
  }

  /** The same values, stored in another type. */
  public TensorSource as(Dtype stored) {
    return new TensorSource(dimensions, reader, stored);
  }

  /** A tensor of the given shape whose values come from {@code reader}. */
  public static TensorSource of(long[] shape, Reader reader) {
    return new TensorSource(ImmutableLongArray.copyOf(shape), reader);
  }

  /**
   * A tensor of the given shape, of at most 2³¹−1 elements, in row-major order in {@code values}.
   */
  public static TensorSource of(long[] shape, float[] values) {
    TensorSource source =
        of(shape, (first, target) -> target.put(values, (int) first, target.remaining()));
    if (source.elements() != values.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "shape %s needs %d values, got %d",
              source.dimensions,
              source.elements(),
              values.length));
    }
    return source;
  }

  /** The number of elements: the product of the dimensions, 1 for a scalar. */
  public long elements() {
    return dimensions.stream().reduce(1, Math::multiplyExact);
  }

  /** The number of bytes as stored. */
  long bytes() {
    return dtype.bits() / Byte.SIZE * elements();
  }
}
