package io.github.tralign.data;

import io.github.tralign.random.L64X128Mix;
import java.util.random.RandomGenerator;

/** What the order of one epoch is drawn from: its seed and its number, and nothing else. */
final class Draws {

  private final RandomGenerator random;

  Draws(long seed, long epoch) {
    // The generator's name fixes its algorithm, and the draw below is our own: the order of a run
    // must not change with the Java version, as that of Random.nextInt(bound) might.
    random = new L64X128Mix(mix(mix(seed) + epoch));
  }

  /** A number in [0, n). */
  int below(int n) {
    return (int) Long.remainderUnsigned(random.nextLong(), n); // bias below n / 2^64
  }

  /** A bijection in which each input bit moves about half of the output (Stafford's mix 13). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
