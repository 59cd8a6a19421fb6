package io.github.tralign.figure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class BetaPathTest {

  @Test
  void quality_is_interpolated_over_the_square_root_of_kl() {
    BetaPath path = path(1, 1, 4, 2, 16, 3);
    assertThat(path.qualityAt(1)).hasValue(1);
    assertThat(path.qualityAt(2.25).getAsDouble()).isCloseTo(1.5, Assertions.within(1e-12));
    assertThat(path.qualityAt(9).getAsDouble()).isCloseTo(2.5, Assertions.within(1e-12));
    assertThat(path.peak()).isEqualTo(3);
  }

  @Test
  void nothing_is_said_of_divergences_that_no_run_reached() {
    BetaPath path = path(1, 1, 4, 2);
    assertThat(path.qualityAt(0.99)).isEmpty();
    assertThat(path.qualityAt(4.01)).isEmpty();
    assertThat(path(4, 2).qualityAt(4)).hasValue(2);
    assertThat(path(4, 2).qualityAt(3)).isEmpty();
  }

  /** KL turns back at small β. Points sorted by KL would give 1 at KL 4, between the branches. */
  @Test
  void where_the_path_turns_back_the_better_branch_counts() {
    BetaPath path = path(1, 1, 9, 3, 4, 0);
    assertThat(path.qualityAt(4)).hasValue(2);
    assertThat(path.qualityAt(6.25).getAsDouble()).isCloseTo(2.5, Assertions.within(1e-12));
  }

  @Test
  void the_order_of_the_runs_does_not_matter() {
    List<BetaPath.Point> rows = rows(1, 1, 9, 3, 4, 0);
    assertThat(new BetaPath(List.of(rows.get(2), rows.get(0), rows.get(1))).qualityAt(4))
        .hasValue(2);
  }

  @Test
  void methods_are_compared_in_the_seeds_in_which_both_come_to_the_divergence() {
    Map<Long, BetaPath> mine = Map.of(1L, path(1, 1, 9, 3), 2L, path(1, 1), 3L, path(4, 9));
    Map<Long, BetaPath> others = Map.of(1L, path(4, 1.5), 2L, path(4, 1));
    assertThat(BetaPath.gains(mine, others, 4)).isEqualTo(Map.of(1L, 0.5));
  }

  private static BetaPath path(double... points) {
    return new BetaPath(rows(points));
  }

  /** KL and quality of runs with falling β. */
  private static List<BetaPath.Point> rows(double... points) {
    List<BetaPath.Point> rows = new ArrayList<>();
    for (int i = 0; i < points.length; i += 2) {
      rows.add(new BetaPath.Point(1.0 / (i + 1), points[i], points[i + 1]));
    }
    return rows;
  }
}
