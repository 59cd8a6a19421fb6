package io.github.tralign.random;

import java.util.random.RandomGenerator;

/**
 * The same random number generator as L64X128MixRandom of {@code java.util.random} (Steele and
 * Vigna, "LXM: Better Splittable Pseudorandom Number Generators", 2021): a linear congruential and
 * a xor-based generator, added and mixed.
 *
 * <p>Implemented here because the JDK's implementation is in the module {@code jdk.random}, which a
 * trimmed runtime image may lack, and because a seed must give the same numbers on every JDK.
 */
public final class L64X128Mix implements RandomGenerator {

  private static final long MULTIPLIER = 0xd1342543de82ef95L;
  private static final long GOLDEN_RATIO = 0x9e3779b97f4a7c15L;
  private static final long SILVER_RATIO = 0x6a09e667f3bcc909L;

  private final long increment;
  private long s;
  private long x0;
  private long x1;

  /** A generator with a seed. */
  public L64X128Mix(long seed) {
    long mixed = seed ^ SILVER_RATIO;
    increment = mix(mixed, 0xff51afd7ed558ccdL, 0xc4ceb9fe1a85ec53L, 33, 33, 33) | 1;
    s = 1;
    x0 = stafford(mixed);
    x1 = stafford(mixed + GOLDEN_RATIO); // the two differ, so not both are 0
  }

  @Override
  public long nextLong() {
    long result = mix(s + x0, 0xdaba0b6eb09322e3L, 0xdaba0b6eb09322e3L, 32, 32, 32);
    s = MULTIPLIER * s + increment;
    x1 ^= x0;
    x0 = Long.rotateLeft(x0, 24) ^ x1 ^ (x1 << 16);
    x1 = Long.rotateLeft(x1, 37);
    return result;
  }

  private static long stafford(long z) {
    return mix(z, 0xbf58476d1ce4e5b9L, 0x94d049bb133111ebL, 30, 27, 31);
  }

  private static long mix(long z, long first, long second, int a, int b, int c) {
    long once = (z ^ (z >>> a)) * first;
    long twice = (once ^ (once >>> b)) * second;
    return twice ^ (twice >>> c);
  }
}
