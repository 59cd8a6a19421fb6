package io.github.tralign.data;

import io.github.tralign.random.L64X128Mix;
import java.util.random.RandomGenerator;

/**
 * Random numbers for the order of one epoch: a function of the run's seed and the epoch's number
 * only.
 */
final class EpochRandom {

  private final RandomGenerator random;

  EpochRandom(long seed, long epoch) {
    // Both algorithms are fixed, so the order of a run does
    // not depend on the Java version, as // that of Random.nextInt(bound) might.
    random = new L64X128Mix(mix(mix(seed) + epoch));
  }

  /** A number in [0, n). */
  int below(int n) {
    return (int) Long.remainderUnsigned(random.nextLong(), n); // bias below n / 2^64
  }

  /**
   * A bijection in which each input bit changes about half of the output bits (Stafford's mix 13).
   */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
