package io.github.tralign.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.InvalidSettingException;
import io.github.tralign.TR;
import io.github.tralign.reference.ReferencePolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

class SweepGridTest {

  @Test
  void runs_are_ordered_by_seed_and_beta_and_scaled_by_the_lag() {
    SweepGrid grid = grid(List.of(TR.fixed(), TR.hard(9)), List.of(0.1, 1.0), List.of(0.1));
    assertThat(grid.runs())
        .map(SweepRun::title)
        .startsWith(
            "fixed, beta 0.1, seed 3",
            "hard:9, beta 1.2, seed 3", // times 49.5 / 4
            "fixed, beta 1.0, seed 3",
            "hard:9, beta 12.0, seed 3",
            "hard:9, beta 0.1, seed 3",
            "fixed, beta 0.1, seed 4")
        .hasSize(10);
    assertThat(grid.runs()).filteredOn(run -> !run.scaled()).hasSize(2);
    assertThat(grid.usedBetas()).containsExactly(0.1, 1.0, 1.2, 12.0);
  }

  @Test
  void the_lag_is_that_of_the_rules_weights() {
    assertThat(SimulatedLag.of(TR.fixed(), 100, 10)).isEqualTo(49.5);
    assertThat(SimulatedLag.of(TR.hard(10), 100, 10)).isEqualTo(4.5);
    assertThat(SimulatedLag.of(TR.hardEpochs(1), 100, 10)).isEqualTo(4.5);
    assertThat(SimulatedLag.of(TR.hard(200), 100, 10)).isEqualTo(49.5);
    assertThat(SimulatedLag.of(TR.soft(0.1), 10_000, 10)).isCloseTo(9, within(0.02));
    assertThat(SimulatedLag.of(TR.soft(1), 100, 10)).isZero();
  }

  @Test
  void what_cannot_be_compared_is_refused() {
    List<ReferencePolicy> fixed = List.of(TR.fixed());
    assertRefused(List.of(TR.distance(0.1)), List.of(1.0), "moves by what a run measures");
    assertRefused(List.of(TR.hard(1)), List.of(1.0), "hard:1 never lags behind");
    assertRefused(List.of(TR.fixed(), TR.fixed()), List.of(1.0), "rules must differ");
    assertRefused(fixed, List.of(1.0, 1.0), "betas must differ");
    assertRefused(fixed, List.of(-1.0), "beta must be greater than 0, not -1.0");
    assertRefused(fixed, List.of(), "at least one beta is required");
    assertRefused(List.of(), List.of(1.0), "at least one rule is required");
  }

  private static void assertRefused(
      List<ReferencePolicy> rules, List<Double> betas, String message) {
    assertThatExceptionOfType(InvalidSettingException.class)
        .isThrownBy(() -> grid(rules, betas, List.of()))
        .withMessageContaining(message);
  }

  private static SweepGrid grid(
      List<ReferencePolicy> rules, List<Double> betas, List<Double> equal) {
    return new SweepGrid(rules, betas, equal, List.of(3L, 4L), 100, 10);
  }
}
