package io.github.tralign.loss;

import io.github.tralign.random.L64X128Mix;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Weighted sampling without replacement.
 *
 * <p>The Gumbel top-k trick: the indices with the largest sums of log-weight and independent Gumbel
 * noise are such a sample (Kool et al., "Stochastic Beams and Where to Find Them", arXiv
 * 1903.06059). It works in log space, so no weight is too small.
 */
final class WeightedDraw {

  private static final double RESOLUTION = 0x1p-53;
  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

  private WeightedDraw() {}

  /**
   * Samples for a step of a run: deterministic in its arguments, on every machine.
   *
   * @param logWeights up to an additive constant
   * @param number sample size, at most the number of weights
   * @return indices into {@code logWeights}, ascending
   */
  static int[] of(double[] logWeights, int number, long seed, long step) {
    // A fixed algorithm, independent of the Java version.
    RandomGenerator random = new L64X128Mix(seed * GOLDEN_RATIO + step);
    double[] keys = new double[logWeights.length];
    for (int i = 0; i < keys.length; i++) {
      double uniform = ((random.nextLong() >>> 11) + 0.5) * RESOLUTION; // in (0, 1)
      keys[i] = logWeights[i] - StrictMath.log(-StrictMath.log(uniform));
    }
    Ranking ranking = new Ranking(keys);
    return IntStream.range(keys.length - number, keys.length)
        .map(ranking::place)
        .sorted()
        .toArray();
  }
}
