package io.github.tralign.frontier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class BetaPathTest {

  @Test
  void gold_is_interpolated_over_the_square_root_of_kl() {
    BetaPath path = path(1, 1, 4, 2, 16, 3);
    assertThat(path.goldAt(1)).hasValue(1);
    assertThat(path.goldAt(2.25).getAsDouble()).isCloseTo(1.5, Assertions.within(1e-12));
    assertThat(path.goldAt(9).getAsDouble()).isCloseTo(2.5, Assertions.within(1e-12));
    assertThat(path.peak()).isEqualTo(3);
  }

  @Test
  void nothing_is_said_of_divergences_that_no_run_reached() {
    BetaPath path = path(1, 1, 4, 2);
    assertThat(path.goldAt(0.99)).isEmpty();
    assertThat(path.goldAt(4.01)).isEmpty();
    assertThat(path(4, 2).goldAt(4)).hasValue(2);
    assertThat(path(4, 2).goldAt(3)).isEmpty();
  }

  /** KL turns back at small β. Points sorted by KL would give 1 at KL 4, between the branches. */
  @Test
  void where_the_path_turns_back_the_better_branch_counts() {
    BetaPath path = path(1, 1, 9, 3, 4, 0);
    assertThat(path.goldAt(4)).hasValue(2);
    assertThat(path.goldAt(6.25).getAsDouble()).isCloseTo(2.5, Assertions.within(1e-12));
  }

  @Test
  void the_order_of_the_runs_does_not_matter() {
    List<ResultRow> rows = rows(1, 1, 9, 3, 4, 0);
    assertThat(new BetaPath(List.of(rows.get(2), rows.get(0), rows.get(1))).goldAt(4)).hasValue(2);
  }

  private static BetaPath path(double... points) {
    return new BetaPath(rows(points));
  }

  /** KL and gold of runs with falling β. */
  private static List<ResultRow> rows(double... points) {
    List<ResultRow> rows = new ArrayList<>();
    for (int i = 0; i < points.length; i += 2) {
      double beta = 1.0 / (i + 1);
      rows.add(
          new ResultRow(
              new GridRun(
                  Regime.DECAYED,
                  FrontierLoss.DPO,
                  ReferenceRule.FIXED,
                  beta,
                  1,
                  WorldSize.ofDefaults()),
              256,
              127.5,
              points[i],
              points[i + 1],
              1,
              0.5));
    }
    return rows;
  }
}
