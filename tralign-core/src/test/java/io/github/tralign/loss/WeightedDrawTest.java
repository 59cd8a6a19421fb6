package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.Doubles;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

class WeightedDrawTest {

  private static final int DRAWS = 20_000;
  private static final double[] LOG_WEIGHTS = {
    Math.log(5) + 700, Math.log(3) + 700, Math.log(2) + 700
  };

  @Property
  void it_has_the_number_of_places_that_were_asked_for(
      @ForAll @Size(min = 3, max = 8) List<@DoubleRange(min = -1e9, max = 1e9) Double> logWeights,
      @ForAll long seed,
      @ForAll long step) {
    int[] drawn = WeightedDraw.of(Doubles.toArray(logWeights), 3, seed, step);
    assertThat(drawn).hasSize(3).isSorted().doesNotHaveDuplicates();
    assertThat(drawn[0]).isNotNegative();
    assertThat(drawn[2]).isLessThan(logWeights.size());
  }

  /** 1/2, 3/10 and 1/5; four standard deviations are 0.014. */
  @Example
  void one_place_is_drawn_in_proportion_to_the_weights() {
    double[] shares = shares(1);
    assertThat(shares).containsExactly(new double[] {0.5, 0.3, 0.2}, within(0.014));
  }

  /** Left out: 5/10 · 3/5 or 3/10 · 5/7 for the last, and so on. */
  @Example
  void the_next_place_is_drawn_from_those_that_are_left() {
    double lastIsLeft = 0.5 * 3 / 5 + 0.3 * 5 / 7;
    double middleIsLeft = 0.5 * 2 / 5 + 0.2 * 5 / 8;
    double firstIsLeft = 0.3 * 2 / 7 + 0.2 * 3 / 8;
    assertThat(shares(2))
        .containsExactly(
            new double[] {1 - firstIsLeft, 1 - middleIsLeft, 1 - lastIsLeft}, within(0.014));
  }

  @Example
  void weights_too_small_for_a_double_are_still_distinguished() {
    double[] logWeights = new double[4];
    Arrays.setAll(logWeights, i -> -1e6 * (i + 1));
    assertThat(WeightedDraw.of(logWeights, 2, 1, 1)).containsExactly(0, 1);
  }

  @Example
  void neighbouring_seeds_and_steps_are_different_draws() {
    int same = 0;
    for (int i = 0; i < 100; i++) {
      int[] here = WeightedDraw.of(new double[20], 10, i, i);
      same += Arrays.equals(here, WeightedDraw.of(new double[20], 10, i + 1, i)) ? 1 : 0;
      same += Arrays.equals(here, WeightedDraw.of(new double[20], 10, i, i + 1)) ? 1 : 0;
      same += Arrays.equals(here, WeightedDraw.of(new double[20], 10, i + 1, i - 1)) ? 1 : 0;
    }
    assertThat(same).isZero();
  }

  /** A run must not change with the Java version or the machine. */
  @Example
  void a_draw_is_the_same_everywhere() {
    assertThat(WeightedDraw.of(new double[12], 4, 42, 3)).containsExactly(2, 3, 7, 9);
  }

  private static double[] shares(int number) {
    double[] shares = new double[LOG_WEIGHTS.length];
    for (int step = 0; step < DRAWS; step++) {
      for (int place : WeightedDraw.of(LOG_WEIGHTS, number, 1, step)) {
        shares[place] += 1.0 / DRAWS;
      }
    }
    return shares;
  }
}
