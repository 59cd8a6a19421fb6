package io.github.tralign.frontier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FrontierGridTest {

  @Test
  void the_whole_grid_has_the_seeds_of_each_regime() {
    List<GridRun> runs = grid(FrontierGrid.BETAS, 0).runs();
    assertThat(runs).doesNotHaveDuplicates().hasSizeGreaterThan(2000);
    for (Regime regime : Regime.values()) {
      assertThat(runs.stream().filter(it -> it.regime() == regime).map(GridRun::seed).distinct())
          .hasSize(regime.seeds());
    }
    assertThat(runs.stream().map(GridRun::seed)).isSorted();
  }

  @Test
  void rules_have_the_beta_that_their_lag_makes_of_a_fixed_references() {
    for (GridRun run : grid(List.of(0.2), 1).runs()) {
      double pull = run.beta() * run.rule().lag(run.size().steps());
      assertThat(pull / run.size().steps() * 2 / run.loss().scale())
          .isBetween(0.95 * 0.2, 1.05 * 0.2); // two digits of β
    }
  }

  @Test
  void at_equal_kl_all_rules_have_as_many_points() {
    for (ReferenceRule rule : ReferenceRule.values()) {
      assertThat(
              grid(FrontierGrid.BETAS, 1).runs().stream()
                  .filter(it -> it.regime() == Regime.DECAYED && it.loss() == FrontierLoss.DPO)
                  .filter(it -> it.rule() == rule)
                  .filter(it -> !FrontierGrid.isExtra(it.loss(), rule, it.beta(), 256)))
          .as(rule.toString())
          .hasSize(FrontierGrid.BETAS.size());
    }
  }

  @Test
  void dpo_has_betas_in_common_for_all_rules() {
    for (ReferenceRule rule : ReferenceRule.values()) {
      assertThat(
              grid(FrontierGrid.BETAS, 1).runs().stream()
                  .filter(it -> it.regime() == Regime.DECAYED && it.loss() == FrontierLoss.DPO)
                  .filter(it -> it.rule() == rule)
                  .map(GridRun::beta))
          .as(rule.toString())
          .containsAll(FrontierGrid.equalBetas(Regime.DECAYED, FrontierLoss.DPO));
    }
  }

  private static FrontierGrid grid(List<Double> betas, int seeds) {
    return new FrontierGrid(
        EnumSet.allOf(Regime.class),
        Set.of(FrontierLoss.values()),
        Set.of(ReferenceRule.values()),
        betas,
        seeds,
        WorldSize.ofDefaults());
  }
}
