package io.github.tralign.policy;

import java.util.Locale;

/** A weight that is to be saved is NaN or infinite: most often the training has diverged. */
public final class NonFiniteWeightsException extends RuntimeException {

  /**
   * Of one weight.
   *
   * @param parameter its name
   * @param index of the weight in the parameter, row by row from 0
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
