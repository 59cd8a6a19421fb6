package io.github.tralign.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontierOutcomeTest {

  @TempDir private Path folder;
  private final List<String> lines =
      new ArrayList<>(List.of(String.join(",", FrontierRun.COLUMNS)));

  @Test
  void gains_at_equal_kl_are_paired_by_seed() throws IOException {
    vanilla(1, 0);
    vanilla(2, 10);
    run("soft:0.6", 3, 1, 1, 1.5);
    run("soft:0.6", 1, 1, 9, 3.5);
    run("soft:0.6", 3, 2, 4, 12.1);
    run("soft:0.6", 3, 3, 4, 99); // a seed without vanilla runs
    FrontierOutcome outcome = outcome();
    assertThat(outcome.gainAt("soft:0.6", 4)).hasSize(2);
    assertThat(outcome.gainAt("soft:0.6", 4).get(1L)).isCloseTo(0.5, within(1e-12));
    assertThat(outcome.gainAt("soft:0.6", 4).get(2L)).isCloseTo(0.1, within(1e-12));
    assertThat(outcome.gainAt("soft:0.6", 9)).containsOnlyKeys(1L);
    assertThat(outcome.gainAt("soft:0.6", 16)).isEmpty();
    assertThat(outcome.peaks()).containsOnly(entry(1L, 3.0), entry(2L, 13.0));
  }

  @Test
  void gains_at_equal_beta_are_paired_by_seed() throws IOException {
    vanilla(1, 0);
    run("hard:8", 0.1, 1, 9, 2.5);
    run("hard:8", 0.1, 2, 9, 2.5);
    assertThat(outcome().gainAtBeta("hard:8", 0.1)).containsExactly(entry(1L, 0.5));
    assertThat(outcome().gainAtBeta("hard:8", 0.2)).isEmpty();
  }

  @Test
  void tables_have_no_means_of_a_single_seed() throws IOException {
    vanilla(1, 0);
    run("soft:0.6", 3, 1, 4, 2.5);
    Files.write(file(), lines);
    FrontierReport report = FrontierReport.of(file());
    assertThat(report.tables()).contains("decayed, dpo", "one seed").doesNotContain("+0.5");
    vanilla(2, 0);
    run("soft:0.6", 3, 2, 4, 2.7);
    Files.write(file(), lines);
    assertThat(FrontierReport.of(file()).tables())
        .contains("| soft:0.6 |  |  |  | +0.600 ± 0.141, 0.100 (2) |");
  }

  @Test
  void tables_and_pictures_are_written() throws IOException {
    for (int seed = 1; seed <= 2; seed++) {
      vanilla(seed, 0);
      run("soft:0.6", 0.1, seed, 9, 2.5);
      run("hard:8", 0.1, seed, 1, 99); // for comparison at equal β only
      run("hard:8", 1.1, seed, 4, 2.5);
    }
    Files.write(file(), lines);
    FrontierReport.of(file()).write(folder);
    for (String name :
        List.of("gold-over-kl", "equal-beta", "kl-over-beta-lag", "permitted-over-kl")) {
      assertThat(folder.resolve(name + ".svg")).content().contains("<svg", "<path");
      assertThat(folder.resolve(name + ".png")).isNotEmptyFile();
    }
    assertThat(folder.resolve("equal-kl.csv"))
        .content()
        .startsWith("regime,loss,rule,kl,seed,gain,vanilla_peak\n")
        .contains("decayed,dpo,hard:8,4,1,0.5")
        .doesNotContain("decayed,dpo,hard:8,1,");
  }

  /** On the line gold = √KL + base, at KL 1, 4 and 9. */
  private void vanilla(int seed, double base) {
    run("fixed", 1, seed, 1, base + 1);
    run("fixed", 0.1, seed, 4, base + 2);
    run("fixed", 0.01, seed, 9, base + 3);
  }

  private void run(String rule, double beta, int seed, double kl, double gold) {
    String lag = rule.equals("fixed") ? "127.5" : "3.5";
    String settings = "decayed,dpo," + rule + "," + beta + "," + seed + ",64,800,8192,1024";
    for (int step : new int[] {23, 256}) {
      double scale = step == 256 ? 1 : 0.5;
      lines.add(
          settings
              + ","
              + step
              + ","
              + lag
              + ",0,"
              + scale * kl
              + ","
              + scale * gold
              + ",0.1,1,0.9,0.6,-1,-2,0.6");
    }
  }

  private FrontierOutcome outcome() throws IOException {
    Files.write(file(), lines);
    List<FrontierOutcome> outcomes = FrontierOutcome.read(file());
    assertThat(outcomes).hasSize(1);
    return outcomes.get(0);
  }

  private Path file() {
    return folder.resolve("runs.csv");
  }
}
