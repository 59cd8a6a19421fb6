package io.github.tralign.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.primitives.Ints;
import io.github.tralign.InvalidInputException;
import io.github.tralign.train.TrainingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontierTest {

  private static final WorldSize SMALL = new WorldSize(6, 10, 512, 16);
  private static final ReferenceRule[] RULES = {
    ReferenceRule.FIXED, ReferenceRule.SOFT_6, ReferenceRule.HARD_8
  };

  @TempDir private Path folder;

  @Test
  void every_regime_loss_and_rule_leaves_its_rows() throws IOException {
    FrontierGrid all =
        new FrontierGrid(
            EnumSet.allOf(Regime.class),
            EnumSet.allOf(FrontierLoss.class),
            EnumSet.allOf(ReferenceRule.class),
            List.of(0.1),
            1,
            SMALL);
    Path file = folder.resolve("runs.csv");
    List<String> progress = new ArrayList<>();
    Frontier.run(all, file, 2, (done, total) -> progress.add(done + "/" + total));
    int runs = all.runs().size();
    assertThat(progress).hasSize(runs + 1).startsWith("0/" + runs).endsWith(runs + "/" + runs);
    List<ResultRow> rows = ResultFile.rows(file);
    assertThat(rows).hasSize(runs * FrontierRun.CHECKPOINTS);
    assertThat(rows).allMatch(row -> row.kl() >= 0 && Double.isFinite(row.gold()));
    assertThat(rows.stream().map(ResultRow::rule).collect(Collectors.toSet())).hasSize(9);
    for (ResultRow row : rows) {
      if (row.step() == 16 && row.isVanilla()) {
        assertThat(row.lag()).isEqualTo(7.5);
      }
      if (row.step() == 16 && row.rule().equals("hard:8")) {
        assertThat(row.lag()).isEqualTo(3.5);
      }
    }
  }

  @Test
  void the_rows_of_a_run_depend_on_nothing_that_runs_beside_it() throws IOException {
    Path one = folder.resolve("one.csv");
    Path three = folder.resolve("three.csv");
    Frontier.run(dpo(RULES, 2), one, 1, (done, total) -> {});
    Frontier.run(dpo(RULES, 2), three, 3, (done, total) -> {});
    assertThat(three).hasSameBinaryContentAs(one);
    Path part = folder.resolve("part.csv");
    Frontier.run(dpo(new ReferenceRule[] {ReferenceRule.HARD_8}, 2), part, 1, (done, total) -> {});
    assertThat(Files.readAllLines(one)).containsAll(Files.readAllLines(part));
  }

  @Test
  void a_run_that_was_cut_short_is_run_again_and_others_are_not() throws IOException {
    Path file = folder.resolve("runs.csv");
    Frontier.run(dpo(RULES, 1), file, 1, (done, total) -> {});
    String whole = Files.readString(file);
    for (int cut : List.of(1, 40, 200)) {
      Files.writeString(file, whole.substring(0, whole.length() - cut));
      List<Integer> left = new ArrayList<>();
      Frontier.run(dpo(RULES, 1), file, 1, (done, total) -> left.add(total));
      assertThat(left).containsOnly(1);
      assertThat(file).hasContent(whole);
    }
  }

  /** A number that was cut within its digits looks like a number. */
  @Test
  void a_last_line_without_an_end_does_not_count() throws IOException {
    Path file = folder.resolve("runs.csv");
    FrontierGrid grid = dpo(new ReferenceRule[] {ReferenceRule.FIXED}, 1);
    Frontier.run(grid, file, 1, (done, total) -> {});
    GridRun last = grid.runs().get(grid.runs().size() - 1);
    String whole = Files.readString(file);
    Files.writeString(file, whole.substring(0, whole.length() - 2));
    assertThat(ResultFile.at(file, SMALL).has(last)).isFalse();
  }

  @Test
  void a_file_with_other_columns_is_rejected_and_stays() throws IOException {
    Path file = Files.writeString(folder.resolve("runs.csv"), "one,two\n1,2\n");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> ResultFile.at(file, SMALL))
        .withMessageContaining("runs.csv:1: has other columns");
    assertThat(file).hasContent("one,two\n1,2\n");
  }

  /** Such as a file that somebody else put there. */
  @Test
  void a_file_with_one_other_line_that_has_no_end_is_rejected_and_stays() throws IOException {
    Path file = Files.writeString(folder.resolve("runs.csv"), "dear");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> ResultFile.at(file, SMALL))
        .withMessageContaining("runs.csv:1: has other columns");
    assertThat(file).hasContent("dear");
  }

  @Test
  void a_run_that_diverges_is_named_and_the_others_are_done() throws IOException {
    FrontierGrid grid =
        new FrontierGrid(
            Set.of(Regime.DECAYED),
            Set.of(FrontierLoss.DPO),
            Set.of(ReferenceRule.FIXED),
            List.of(1e300, 0.1),
            1,
            SMALL);
    Path file = folder.resolve("runs.csv");
    assertThatExceptionOfType(TrainingException.class)
        .isThrownBy(() -> Frontier.run(grid, file, 1, (done, total) -> {}))
        .withMessageStartingWith("1 of 2 runs diverged and have no rows; the others are in " + file)
        .withMessageContaining("The first: decayed, dpo, fixed, beta 1.0E300, seed 1: ")
        .withMessageNotContaining("in memory, in memory");
    assertThat(ResultFile.rows(file))
        .hasSize(FrontierRun.CHECKPOINTS)
        .allMatch(row -> row.beta() == 0.1);
  }

  @Test
  void noisy_labels_agree_less_with_gold() {
    SeedWorld world = new SeedWorld(1, new WorldSize(6, 10, 2048, 16));
    assertThat(agreement(world, Regime.DECAYED)).isBetween(0.7, 0.9);
    assertThat(agreement(world, Regime.NOISY)).isBetween(0.52, 0.7);
    assertThat(world.pairs(Regime.FEW_PAIRS)).hasSize(128);
    assertThat(world.pairs(Regime.FEW_PAIRS))
        .isEqualTo(world.pairs(Regime.DECAYED).subList(0, 128));
  }

  private static double agreement(SeedWorld world, Regime regime) {
    return world.pairs(regime).stream()
        .mapToDouble(
            pair -> {
              int[] prompt = pair.prompt().toArray();
              double chosen = world.gold(regime, join(prompt, pair.chosen().toArray()));
              return chosen > world.gold(regime, join(prompt, pair.rejected().toArray())) ? 1 : 0;
            })
        .average()
        .orElseThrow();
  }

  private static int[] join(int[] prompt, int[] completion) {
    return Ints.concat(prompt, completion);
  }

  @Test
  void a_world_whose_fine_tuning_diverges_is_named_and_the_others_are_run() throws IOException {
    Path file = folder.resolve("runs.csv");
    FrontierGrid two = dpo(RULES, 2);
    assertThatExceptionOfType(TrainingException.class)
        .isThrownBy(
            () ->
                Frontier.run(
                    two,
                    file,
                    1,
                    (done, total) -> {},
                    seed -> {
                      if (seed == 1) {
                        throw new TrainingException("step 3: loss is NaN");
                      }
                      return new SeedWorld(seed, SMALL);
                    }))
        .withMessageStartingWith("8 of 16 runs diverged")
        .withMessageEndingWith(
            "the fine-tuning of seed 1, from which its runs start: step 3: loss is NaN");
    assertThat(ResultFile.rows(file)).hasSize(8 * FrontierRun.CHECKPOINTS);
  }

  private static FrontierGrid dpo(ReferenceRule[] rules, int seeds) {
    return new FrontierGrid(
        Set.of(Regime.DECAYED),
        Set.of(FrontierLoss.DPO),
        Set.of(rules),
        List.of(0.01, 0.1),
        seeds,
        SMALL);
  }
}
