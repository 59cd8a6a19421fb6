package io.github.tralign.tabular;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * A parameter as a part of a {@link TrainableVector}.
 *
 * @param name of the parameter
 * @param start of its values in the vector
 * @param end of them, exclusive
 * @param matrix whether it has two dimensions
 */
public record VectorPart(String name, int start, int end, boolean matrix) {

  /** Nothing may be null. */
  public VectorPart {
    requireNonNull(name, "name");
  }

  /** The part's own of as many values as the vector has. */
  DoubleStream of(double[] vector) {
    return Arrays.stream(vector, start, end);
  }
}
