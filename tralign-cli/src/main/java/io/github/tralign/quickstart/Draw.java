package io.github.tralign.quickstart;

import io.github.tralign.random.L64X128Mix;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** Random numbers that are the same in every Java version. */
final class Draw {

  private static final double UNIT = 0x1p-53;

  // The generator's algorithm is fixed by its name; conversions of its bits are implemented here.
  private final RandomGenerator random;

  Draw(long seed) {
    random = new L64X128Mix(seed);
  }

  /** A number in [0, n), practically uniform. */
  int below(int n) {
    return (int) Long.remainderUnsigned(random.nextLong(), n);
  }

  boolean chance(double probability) {
    return (random.nextLong() >>> 11) * UNIT < probability;
  }

  <T> T oneOf(List<T> things) {
    return things.get(below(things.size()));
  }

  /** The Fisher–Yates shuffle, in place. */
  void shuffle(List<?> things) {
    for (int i = things.size() - 1; i > 0; i--) {
      Collections.swap(things, i, below(i + 1));
    }
  }
}
