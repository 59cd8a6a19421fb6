package io.github.tralign.djl;

import com.google.common.hash.Hashing;
import io.github.tralign.random.L64X128Mix;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/** Random initial values of one parameter, the same on every machine and version of Java. */
final class RandomValues {

  private static final double UNIT = 0x1p-53;

  // The generator's algorithm is fixed by its name; that of nextGaussian may change with Java.
  private final RandomGenerator random;

  /**
   * The values of a parameter.
   *
   * @param seed the random seed of the model
   * @param parameter the parameter's name
   */
  RandomValues(long seed, String parameter) {
    long start =
        Hashing.sha256()
            .newHasher()
            .putLong(seed)
            .putString(parameter, StandardCharsets.UTF_8)
            .hash()
            .asLong();
    random = new L64X128Mix(start);
  }

  /** The Box–Muller transform ("A Note on the Generation of Random Normal Deviates", 1958). */
  double normal() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform()));
    return radius * StrictMath.cos(2 * StrictMath.PI * uniform());
  }

  /** Values from a uniform distribution in [−bound, bound). */
  float[] uniform(double bound, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (bound * (2 * uniform() - 1));
    }
    return values;
  }

  /** A multiple of 2^−53 in [0, 1). */
  private double uniform() {
    return (random.nextLong() >>> 11) * UNIT;
  }
}
