package io.github.tralign.djl.model;

import com.google.common.primitives.ImmutableLongArray;

/**
 * A parameter of a model.
 *
 * @param name its name in a Hugging Face checkpoint
 * @param dimensions its shape
 * @param role what it is initialised with
 */
public record ParameterShape(String name, ImmutableLongArray dimensions, Role role) {

  /** How a fresh model begins: matrices at random, norms at one, biases at zero. */
  public enum Role {
    /** Drawn from a normal distribution. */
    MATRIX,
    /** One. */
    NORM,
    /** Zero. */
    BIAS
  }

  static ParameterShape matrix(String name, long rows, long columns) {
    return new ParameterShape(name, ImmutableLongArray.of(rows, columns), Role.MATRIX);
  }

  static ParameterShape norm(String name, long size) {
    return new ParameterShape(name, ImmutableLongArray.of(size), Role.NORM);
  }

  static ParameterShape bias(String name, long size) {
    return new ParameterShape(name, ImmutableLongArray.of(size), Role.BIAS);
  }

  /** Whether it has two dimensions. */
  public boolean isMatrix() {
    return role == Role.MATRIX;
  }

  /** Number of values. */
  public long size() {
    return dimensions.stream().reduce(1, Math::multiplyExact);
  }
}
