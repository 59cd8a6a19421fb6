package io.github.tralign.judge.statistics;

import io.github.tralign.random.L64X128Mix;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/** Intervals by drawing the data again, with replacement. The same seed gives the same interval. */
public final class Bootstrap {

  private final int rounds;
  private final double low;
  private final double high;
  private final long seed;

  /**
   * A way to draw.
   *
   * @param rounds how often all data are drawn, ≥ 1
   * @param low the quantile that an interval begins at, in [0, 1]
   * @param high the quantile that it ends at, in [low, 1]
   */
  public Bootstrap(int rounds, double low, double high, long seed) {
    if (rounds < 1 || !(low >= 0 && low <= high && high <= 1)) {
      throw new IllegalArgumentException(rounds + " rounds, quantiles " + low + " and " + high);
    }
    this.rounds = rounds;
    this.low = low;
    this.high = high;
    this.seed = seed;
  }

  /** 2,000 rounds for an interval of 95 %. */
  public static Bootstrap ofDefaults() {
    return new Bootstrap(2000, 0.025, 0.975, 42);
  }

  /**
   * The interval of a mean.
   *
   * @param values at least one
   */
  public Interval mean(List<Double> values) {
    double[] given = values.stream().mapToDouble(it -> it).toArray();
    return interval(
        given.length,
        drawn -> {
          double sum = 0;
          for (int i : drawn) {
            sum += given[i];
          }
          return sum / drawn.length;
        });
  }

  /** The interval of a number that depends on {@code size} data, given by their indices. */
  public Interval interval(int size, ToDoubleFunction<int[]> statistic) {
    double[] sorted = draws(size, statistic);
    return new Interval(quantile(sorted, low), quantile(sorted, high));
  }

  /** The number in each round, ascending. */
  double[] draws(int size, ToDoubleFunction<int[]> statistic) {
    if (size < 1) {
      throw new IllegalArgumentException("there is nothing to draw");
    }
    RandomGenerator random = new L64X128Mix(seed);
    double[] numbers = new double[rounds];
    int[] drawn = new int[size];
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < size; i++) {
        drawn[i] = random.nextInt(size);
      }
      numbers[round] = statistic.applyAsDouble(drawn.clone());
    }
    Arrays.sort(numbers);
    return numbers;
  }

  /** The quantile by linear interpolation, as NumPy computes it by default. */
  static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) Math.floor(place);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
