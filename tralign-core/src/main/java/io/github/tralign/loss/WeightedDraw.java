package io.github.tralign.loss;

import io.github.tralign.random.L64X128Mix;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Drawing some of a number of things without putting them back, each in proportion to its weight
 * among those that are left.
 *
 * <p>Those with the largest sum of log-weight and independent Gumbel noise are such a draw (Kool et
 * al., "Stochastic Beams and Where to Find Them", arXiv 1903.06059), with no weight too small.
 */
final class WeightedDraw {

  private static final double RESOLUTION = 0x1p-53;
  private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

  private WeightedDraw() {}

  /**
   * Draws for a step of a run: the same for the same arguments, on every machine.
   *
   * @param logWeights up to a constant
   * @param number at most as many as there are
   * @return places in {@code logWeights}, ascending
   */
  static int[] of(double[] logWeights, int number, long seed, long step) {
    // The name fixes the algorithm, and what becomes of its bits is our own.
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
