package io.github.tralign.quickstart;

import io.github.tralign.random.L64X128Mix;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws from a seed that are the same with every Java version. */
final class Draw {

  private static final double UNIT = 0x1p-53;

  // The generator's name fixes its algorithm; what is made of its bits is our own.
  private final RandomGenerator random;

  Draw(long seed) {
    random = new L64X128Mix(seed);
  }

  /** A number in [0, n), as good as uniform. */
  int below(int n) {
    return (int) Long.remainderUnsigned(random.nextLong(), n);
  }

  boolean chance(double probability) {
    return (random.nextLong() >>> 11) * UNIT < probability;
  }

  <T> T oneOf(List<T> things) {
    return things.get(below(things.size()));
  }

  /** Fisher and Yates' shuffle, in place. */
  void shuffle(List<?> things) {
    for (int i = things.size() - 1; i > 0; i--) {
      Collections.swap(things, i, below(i + 1));
    }
  }
}
