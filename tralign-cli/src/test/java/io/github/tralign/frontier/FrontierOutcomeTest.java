package io.github.tralign.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void tables_name_no_peak_without_vanilla_runs() throws IOException {
    run("soft:0.6", 3, 1, 4, 2.5);
    run("soft:0.6", 3, 2, 4, 2.7);
    Files.write(file(), lines);
    assertThat(FrontierReport.of(file()).tables()).contains("Seeds 1, 2.\n").doesNotContain("peak");
  }

  @Test
  void a_byte_order_mark_hides_no_column() throws IOException {
    vanilla(1, 0);
    Files.writeString(file(), "\ufeff" + String.join("\n", lines) + "\n");
    assertThat(FrontierOutcome.read(file()).get(0).rules()).containsExactly("fixed");
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
    assertThat(folder.resolve("tables.md"))
        .content()
        .contains(
            "| soft:0.6 | 0.1 | 2.50 | -0.500 ± 0.000, 0.000 (2) |",
            "| hard:8 | 0.1 | 99.00 | +96.000 ± 0.000, 0.000 (2) |");
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

  /** With IPO a scaled β of τ = 128 is, by chance, one of a fixed reference. */
  @Test
  void only_regimes_with_equal_betas_are_compared_at_equal_beta() throws IOException {
    for (int seed = 1; seed <= 2; seed++) {
      vanilla(seed, 0);
      run("hard:8", 0.1, seed, 9, 2.5);
    }
    lines.replaceAll(it -> it.replace("decayed,dpo,", "decayed,ipo,"));
    assertThat(outcome().gainAtBeta("hard:8", 0.1)).hasSize(2);
    assertThat(FrontierReport.of(file()).tables())
        .contains("decayed, ipo", "Gold at equal KL")
        .doesNotContain("Gold at equal β");
  }

  @Test
  void runs_that_are_not_complete_are_left_out() throws IOException {
    vanilla(1, 0);
    run("soft:0.6", 3, 1, 4, 2.5);
    List<String> whole = List.copyOf(lines);
    lines.subList(lines.size() - 2, lines.size()).clear();
    assertThat(outcome().rules()).containsExactly("fixed");
    String text = String.join("\n", whole);
    Files.writeString(file(), text); // its last line may have been cut within the last number
    assertThat(FrontierOutcome.read(file()).get(0).rules()).containsExactly("fixed");
    Files.writeString(file(), text + "\n");
    assertThat(FrontierOutcome.read(file()).get(0).rules()).containsExactly("fixed", "soft:0.6");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          regime    | slow  | must be one of decayed, decayed-3, noisy
          loss      | dop   | must be one of dpo, ipo
          rule      | soft  | must be one of fixed, soft:0.9
          beta      | -1    | must be greater than 0
          beta      | 1d    | must be a finite number
          seed      | 1.5   | must be a whole number of at least 1
          hidden    | x     | must be a whole number of at least 1
          pairs     | 100   | must be at least 512
          step      | 257   | must be at most 256
          updates   | -1    | must be a whole number of at least 0
          kl        | NaN   | must be a finite number
          gold_se   | 1e999 | must be a finite number
          rejected  | one   | must be a finite number
          margin_accuracy | '' | must be a finite number
          """)
  void an_invalid_cell_is_reported_with_line_and_column(String column, String cell, String message)
      throws IOException {
    vanilla(1, 0);
    List<String> cells = new ArrayList<>(List.of(lines.get(3).split(",", -1)));
    cells.set(FrontierRun.COLUMNS.indexOf(column), cell);
    lines.set(3, String.join(",", cells));
    Files.write(file(), lines);
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> FrontierReport.of(file()))
        .withMessageStartingWith(file() + ":4: " + column)
        .withMessageContaining(message)
        .withMessageContaining("not " + (column.equals("pairs") ? cell : "'" + cell + "'"));
  }

  @Test
  void other_columns_and_other_sizes_are_rejected() throws IOException {
    vanilla(1, 0);
    lines.set(0, "one,two");
    assertRejected(":1: has other columns");
    lines.set(0, String.join(",", FrontierRun.COLUMNS));
    lines.set(7, lines.get(7).replace(",64,800,", ",64,80,"));
    assertRejected(":8: sft_steps is 80, but 800 in " + file() + ":2; ");
  }

  private void assertRejected(String message) throws IOException {
    Files.write(file(), lines);
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> FrontierReport.of(file()))
        .withMessageStartingWith(file() + message);
  }

  @Test
  void policies_that_did_not_move_have_no_place_on_a_log_axis() throws IOException {
    for (int seed = 1; seed <= 2; seed++) {
      run("fixed", 1, seed, 0, 0);
      run("soft:0.6", 0.1, seed, 0, 0);
      run("fixed", 0.1, seed, -1e-18, 0); // by rounding
    }
    Files.write(file(), lines);
    FrontierReport.of(file()).write(folder);
    assertThat(folder.resolve("kl-over-beta-lag.svg")).content().contains("<svg");
    vanilla(1, 0);
    Files.write(file(), lines);
    FrontierReport.of(file()).write(folder);
    assertThat(folder.resolve("permitted-over-kl.svg")).content().contains("<svg");
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
    for (int step : new int[] {23, 65, 119, 183, 256}) {
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
