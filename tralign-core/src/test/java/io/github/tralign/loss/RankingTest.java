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

class RankingTest {

  @Property
  void values_are_in_ascending_order(
      @ForAll @Size(max = 8) List<@DoubleRange(min = -9, max = 9) Double> given) {
    double[] values = Doubles.toArray(given);
    Ranking ranking = new Ranking(values);
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    for (int rank = 0; rank < values.length; rank++) {
      assertThat(ranking.value(rank)).isEqualTo(sorted[rank]);
      assertThat(values[ranking.place(rank)]).isEqualTo(sorted[rank]);
    }
  }

  @Example
  void of_equal_values_the_first_comes_first() {
    Ranking ranking = new Ranking(new double[] {2, 1, 2, 1});
    assertThat(new int[] {ranking.place(0), ranking.place(1), ranking.place(2), ranking.place(3)})
        .containsExactly(1, 3, 0, 2);
  }

  @Example
  void derivatives_go_back_to_the_places_of_their_values() {
    assertThat(new Ranking(new double[] {5, -1, 3}).derivatives(new double[] {10, 20, 30}))
        .containsExactly(30, 10, 20);
  }

  @Example
  void equal_values_share_their_derivatives() {
    assertThat(
            new Ranking(new double[] {2, 0.0, 2, -0.0, 2})
                .derivatives(new double[] {1, 3, 10, 20, 60}))
        .containsExactly(30, 2, 30, 2, 30);
  }

  @Property
  void no_derivative_is_lost(
      @ForAll @Size(6) List<@DoubleRange(min = -2, max = 2) Double> values,
      @ForAll @Size(6) List<@DoubleRange(min = -2, max = 2) Double> given) {
    double[] whole = values.stream().mapToDouble(Math::rint).toArray(); // many equal ones
    double[] slopes = Doubles.toArray(given);
    assertThat(Arrays.stream(new Ranking(whole).derivatives(slopes)).sum())
        .isCloseTo(Arrays.stream(slopes).sum(), within(1e-12));
  }

  @Example
  void what_is_not_a_number_has_the_highest_ranks_and_shares_nothing() {
    Ranking ranking = new Ranking(new double[] {Double.NaN, 1, Double.NaN});
    assertThat(ranking.place(0)).isEqualTo(1);
    assertThat(ranking.derivatives(new double[] {1, 2, 3})).containsExactly(2, 1, 3);
  }
}
