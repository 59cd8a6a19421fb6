package io.github.tralign.policy;

import java.util.Locale;

/** A weight to be saved is NaN or infinite, usually because training has diverged. */
public final class NonFiniteWeightsException extends RuntimeException {

  /**
   * Creates an exception about one weight.
   *
   * @param parameter its name
   * @param index index of the weight in the parameter, in row-major order
   * @param value of the weight
   */
  public NonFiniteWeightsException(String parameter, long index, double value) {
    super(
        String.format(
            Locale.ROOT,
            "weights that are not finite are not saved: '%s' is %s at index %d; if the training has"
                + " diverged, a lower learning rate may help",
            parameter,
            value,
            index));
  }

  /**
   * Checks the values of a parameter.
   *
   * @throws NonFiniteWeightsException naming the first that is NaN or infinite
   */
  public static void check(String parameter, double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new NonFiniteWeightsException(parameter, i, values[i]);
      }
    }
  }
}
