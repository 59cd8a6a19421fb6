package io.github.tralign.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SweepOutcomeTest {

  private static final SweepOutcome OUTCOME =
      new SweepOutcome(
          List.of(
              row("soft:0.6", 10, 1, true, 4, 3),
              row("fixed", 1, 1, true, 1, 1),
              row("fixed", 0.1, 1, true, 9, 2),
              row("soft:0.6", 10, 2, true, 4, 2),
              row("fixed", 1, 2, true, 4, 2.5),
              row("soft:0.6", 1, 1, false, 8, 9),
              row("soft:0.6", 10, 3, true, 2, 5)));

  @Test
  void rules_are_compared_at_equal_kl_with_their_own_betas_in_each_seed() {
    assertThat(OUTCOME.rules()).containsExactly("fixed", "soft:0.6");
    assertThat(OUTCOME.moving()).containsExactly("soft:0.6");
    assertThat(OUTCOME.gainAt("soft:0.6", SweepQuality.REWARD, 4))
        .isEqualTo(Map.of(1L, 3 - 1.5, 2L, -0.5));
    assertThat(OUTCOME.gainAt("soft:0.6", SweepQuality.REWARD, 8)).isEmpty();
  }

  @Test
  void rules_are_compared_at_equal_beta_with_any_beta() {
    assertThat(OUTCOME.equalBetas()).containsExactly(1.0);
    assertThat(OUTCOME.gainAtBeta("soft:0.6", SweepQuality.REWARD, 1)).isEqualTo(Map.of(1L, 8.0));
  }

  @Test
  void a_quality_counts_only_where_all_runs_have_it() {
    assertThat(OUTCOME.qualities()).containsExactly(SweepQuality.REWARD, SweepQuality.WIN);
  }

  @Test
  void the_value_of_one_seed_is_no_result() {
    String tables = new SweepTables(OUTCOME).markdown();
    assertThat(tables)
        .contains("| soft:0.6 | +0.500 ± 1.414, 1.000 (2) |", "| soft:0.6 | one seed |");
    String csv = new SweepTables(OUTCOME).equalDivergence().toString();
    assertThat(csv).contains("reward,soft:0.6,4,1,1.50000000", "reward,soft:0.6,4,2,-0.500000000");
  }

  private static SweepRow row(
      String rule, double beta, long seed, boolean scaled, double kl, double reward) {
    return new SweepRow(
        rule, beta, seed, scaled, 8, 3.5, kl, 0.1, reward, 0.5, 9, 1, OptionalDouble.empty(), 1);
  }
}
