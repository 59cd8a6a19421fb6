package io.github.tralign.generate;

import io.github.tralign.random.L64X128Mix;

/** The random number of a token: a function of seed, row, sample and position only. */
final class RandomDraw {

  private static final double RESOLUTION = 0x1p-53;

  private RandomDraw() {}

  /**
   * A number in [0, 1).
   *
   * @param position the number of new tokens before
   */
  static double of(long seed, long row, int sample, int position) {
    // Each mix is decided by all before it, so equal sums of different parts do not meet.
    long bits = mix(mix(mix(mix(seed) + row) + sample) + position);
    return (bits >>> 11) * RESOLUTION;
  }

  private static long mix(long bits) {
    return new L64X128Mix(bits).nextLong();
  }
}
