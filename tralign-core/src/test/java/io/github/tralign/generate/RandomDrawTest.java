package io.github.tralign.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableIntArray;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomDrawTest {

  private static final int DRAWS = 100_000;

  @Test
  void draws_follow_the_distribution_over_rows_samples_and_positions() {
    float[] logits = {0.5f, -1, 2, 0, 1.5f, -2, 0.3f, 1, -0.5f, 0.1f};
    double temperature = 0.8;
    double[] expected = new double[logits.length];
    for (int i = 0; i < logits.length; i++) {
      expected[i] = Math.exp(logits[i] / temperature);
    }
    double total = IntStream.range(0, logits.length).mapToDouble(i -> expected[i]).sum();
    Sampling sampling = Sampling.ofModel().temperature(temperature);
    History history = new History(ImmutableIntArray.of(1));
    for (int which = 0; which < 4; which++) {
      int[] observed = new int[logits.length];
      for (int i = 0; i < DRAWS; i++) {
        double uniform = draw(which, i);
        observed[TokenChoice.of(sampling, logits, history, () -> uniform)]++;
      }
      double chiSquare = 0;
      for (int i = 0; i < logits.length; i++) {
        double mean = DRAWS * expected[i] / total;
        chiSquare += (observed[i] - mean) * (observed[i] - mean) / mean;
      }
      // 9 degrees of freedom: 1 of 1,000 seeds exceeds 27.9
      assertThat(chiSquare).as("argument %s", which).isBetween(1.15, 27.9);
    }
  }

  /** Neighbours in one argument, or in two, are no more alike than others. */
  @Test
  void numbers_of_neighbours_are_uncorrelated() {
    for (int which = 0; which < 4; which++) {
      for (int other = 0; other < 4; other++) {
        double sum = 0;
        for (int i = 0; i < DRAWS; i++) {
          sum += (draw(which, i) - 0.5) * (draw(other, i + 1) - 0.5);
        }
        assertThat(12 * sum / DRAWS).as("%s %s", which, other).isBetween(-0.0125, 0.0125); // 4 σ
      }
    }
  }

  @Test
  void equal_sums_of_arguments_give_different_numbers() {
    Set<Double> numbers = new HashSet<>();
    for (int seed = -2; seed < 3; seed++) {
      for (int row = -2; row < 3; row++) {
        for (int sample = 0; sample < 5; sample++) {
          for (int position = 0; position < 5; position++) {
            numbers.add(RandomDraw.of(seed, row, sample, position));
          }
        }
      }
    }
    assertThat(numbers).hasSize(625).allMatch(number -> number >= 0 && number < 1);
  }

  /** A seed must give the same text in later versions too. */
  @Test
  void the_numbers_of_a_seed_stay() {
    assertThat(RandomDraw.of(1, 2, 3, 4)).isEqualTo(0.429971173713142);
    assertThat(RandomDraw.of(0, 0, 0, 0)).isEqualTo(0.4864932529873155);
  }

  private static double draw(int which, int i) {
    return RandomDraw.of(
        which == 0 ? i : 42, which == 1 ? i : 7, which == 2 ? i : 0, which == 3 ? i : 5);
  }
}
