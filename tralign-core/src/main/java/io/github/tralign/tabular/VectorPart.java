package io.github.tralign.tabular;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * The position of a parameter in a {@link TrainableVector}.
 *
 * @param name of the parameter
 * @param start index of its first value in the vector
 * @param end index after its last value
 * @param matrix whether it has two dimensions
 */
public record VectorPart(String name, int start, int end, boolean matrix) {

  /** Checks for null. */
  public VectorPart {
    requireNonNull(name, "name");
  }

  /** The values of this part in a vector of this layout. */
  DoubleStream of(double[] vector) {
    return Arrays.stream(vector, start, end);
  }
}
