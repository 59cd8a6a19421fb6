package io.github.tralign.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.select.Elements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {

  @TempDir private Path folder;

  @Test
  void beta_times_the_lag_of_the_reference_is_a_result() throws IOException {
    String config = "loss: dpo\nbeta: 0.5\nreference: soft:0.6\n";
    Path one =
        WrittenRun.write(
            folder.resolve("one"),
            config + "provenance:\n  reference-lag: 0.6666666666666667\n",
            20,
            WrittenRun::hard);
    Path two = WrittenRun.write(folder.resolve("two"), config, 20, WrittenRun::hard);
    Document page = Jsoup.parse(Comparison.of(List.of(one, two)).page());
    assertThat(page.select("tr:contains(mean lag of the reference) td").eachText())
        .containsExactly("0.333", "–");
    assertThat(Jsoup.parse(Comparison.of(List.of(two)).page()).text())
        .doesNotContain("mean lag of the reference");
  }

  @Test
  void a_table_has_a_line_for_each_point_of_a_curve() throws IOException {
    Path run =
        WrittenRun.write(
            folder.resolve("a,\"b"), "loss: dpo\n", 2000, step -> "\"loss\":" + step % 2);
    List<String> lines = Comparison.of(List.of(run)).csv().lines().toList();
    assertThat(lines).hasSize(1001);
    assertThat(lines.get(0)).isEqualTo(Comparison.CSV_HEAD);
    assertThat(lines.get(1)).isEqualTo("\"a,\"\"b\",loss,2,0.5,0.0,1.0");
  }

  @Test
  void runs_are_shown_with_what_differs_their_results_and_all_curves() throws IOException {
    Path one =
        WrittenRun.write(folder.resolve("one"), "loss: dpo\nbeta: 0.1\n", 20, WrittenRun::hard);
    Path two =
        WrittenRun.write(
            folder.resolve("<i>two"), "loss: dpo\nbeta: 0.5\n", 10, step -> "\"loss\":0.125");
    Path file = folder.resolve("compare.html");
    Files.writeString(file, Comparison.of(List.of(one, two)).page());

    Document page = Jsoup.parse(file.toFile());
    Elements tables = page.select("table.runs");
    assertThat(tables.get(0).select("tbody th").eachText()).containsExactly("beta");
    assertThat(tables.get(0).select("tbody td").eachText()).containsExactly("0.1", "0.5");
    assertThat(tables.get(1).select("tr:contains(grad_norm) td").eachText())
        .containsExactly("2.500", "–");
    assertThat(page.select("thead th").eachText()).contains("one", "<i>two");
    assertThat(page.select("header small").eachText())
        .containsExactly(one.toString(), two.toString());
    assertThat(page.select("i")).isEmpty();

    JsonNode charts = RunReportTest.charts(page);
    assertThat(charts.findValuesAsText("title"))
        .contains("loss", "initial/rewards/margins", "logps/chosen", "grad_norm");
    assertThat(page.select("[data-chart]")).hasSize(charts.size());
    JsonNode lines = charts.get(0).path("lines");
    assertThat(lines.findValuesAsText("label")).containsExactly("one", "<i>two");
    assertThat(lines.get(0).path("y")).hasSize(20);
    assertThat(lines.get(1).path("y")).hasSize(10).allMatch(it -> it.asDouble() == 0.125);
  }

  @Test
  void runs_with_other_seeds_are_a_mean_in_a_band() throws IOException {
    List<Path> runs = new ArrayList<>();
    for (int seed = 1; seed <= 3; seed++) {
      int its = seed;
      runs.add(
          WrittenRun.write(
              folder.resolve("soft-seed" + seed),
              "beta: 0.1\nseed: " + seed + "\noutput: soft-seed" + seed + "\n",
              4,
              step -> "\"loss\":" + step * its));
    }
    runs.add(write("hard", "beta: 0.1\nreference: hard:8\nseed: 1\n", 4));
    runs.add(write("again", "beta: 0.2\nseed: 1\n", 4));
    runs.add(write("once-more", "beta: 0.2\nseed: 1\n", 4));
    Document page = compared(runs.toArray(Path[]::new));
    assertThat(page.select("header li b").eachText())
        .containsExactly("soft (3 seeds)", "hard", "again", "once-more");
    JsonNode line = RunReportTest.charts(page).get(0).path("lines").get(0);
    assertThat(line.path("y")).map(JsonNode::asInt).containsExactly(2, 4, 6, 8);
    assertThat(line.path("low")).map(JsonNode::asInt).containsExactly(1, 2, 3, 4);
    assertThat(line.path("high")).map(JsonNode::asInt).containsExactly(3, 6, 9, 12);
    assertThat(page.select("#results ~ .wide tr:contains(loss) td").get(0).text())
        .isEqualTo("8.000 ± 4.000");
    assertThat(page.select("#settings + .wide tr:contains(seed) td").get(0).text())
        .isEqualTo("1, 2, 3");
    assertThat(page.text()).contains("in a band from the least to the greatest");
    Document apart = Jsoup.parse(Comparison.ofEach(runs).page());
    assertThat(apart.select("header li b").eachText()).hasSize(6).contains("soft-seed2");
    assertThat(apart.text()).doesNotContain("in a band");
  }

  @Test
  void the_mean_of_runs_ends_where_the_first_of_them_ends() throws IOException {
    Path one = WrittenRun.write(folder.resolve("a"), "seed: 1\n", 12, WrittenRun::sampled);
    Path two = WrittenRun.write(folder.resolve("b"), "seed: 2\n", 8, WrittenRun::sampled);
    Document page = compared(one, two);
    assertThat(page.select("header li b").eachText()).containsExactly("a (2 seeds)");
    JsonNode line = RunReportTest.paths(page).get(0).path("lines").get(0);
    assertThat(line.path("y")).map(JsonNode::asDouble).containsExactly(0.25, 0.5);
    assertThat(line.path("error")) // 0.125 / √2
        .allSatisfy(it -> assertThat(it.asDouble()).isEqualTo(0.0883883));
    assertThat(page.select("tr:contains(steps) td").get(0).text()).isEqualTo("12, 8");
  }

  @Test
  void runs_have_a_line_each_over_the_divergence() throws IOException {
    Path one = WrittenRun.write(folder.resolve("one"), "beta: 0.1\n", 12, WrittenRun::sampled);
    Path two = WrittenRun.write(folder.resolve("two"), "beta: 0.2\n", 8, WrittenRun::sampled);
    Path none = write("none", "beta: 0.3\n", 8);
    Document page = compared(one, none, two);
    JsonNode lines = RunReportTest.paths(page).get(0).path("lines");
    assertThat(lines.findValuesAsText("label")).containsExactly("one", "none", "two");
    assertThat(lines.get(0).path("y")).hasSize(3);
    assertThat(lines.get(1).path("y")).isEmpty();
    assertThat(lines.get(2).path("y")).map(JsonNode::asDouble).containsExactly(0.25, 0.5);
    assertThat(page.select("figure:contains(reward margin over KL) > p").text())
        .endsWith("Margins are comparable only between runs with the same loss and β.");
  }

  @Test
  void the_last_samples_of_runs_stand_side_by_side_with_their_steps() throws IOException {
    Path one = write("one", "beta: 0.1\n", 8);
    Path none = write("none", "beta: 0.2\n", 8);
    Path two = write("two", "beta: 0.3\n", 8);
    Files.writeString(one.resolve("samples.jsonl"), sample(0, "Hi", "a") + sample(8, "Hi", "b"));
    Files.writeString(two.resolve("samples.jsonl"), sample(4, "Bye", "c") + sample(4, "Hi", ""));
    Document page = compared(one, none, two);
    assertThat(page.select("h3.said").eachText()).containsExactly("Hi", "Bye");
    assertThat(page.select(".sides > div").eachText())
        .containsExactly(
            "one, step 8 b", "two, step 4 (no text)", "one, step 8 (no text)", "two, step 4 c");
  }

  private static String sample(int step, String prompt, String completion) {
    return String.format(
        Locale.ROOT,
        "{\"step\":%d,\"index\":%d,\"prompt\":\"%s\",\"completion\":\"%s\"}\n",
        step,
        prompt.length() % 2,
        prompt,
        completion);
  }

  @Test
  void settings_of_the_same_file_are_no_difference() throws IOException {
    Path data = Files.writeString(folder.resolve("data.jsonl"), "");
    Path one = write("one", "data: [data.jsonl]\nbeta: 0.1\noutput: one\nwarmup-steps: 0\n", 3);
    Path two = write("two", "data: ['" + data + "']\nbeta: 0.2\noutput: /gone\n", 3);
    Document page = compared(one, two);
    assertThat(page.select("#settings + .wide tbody th").eachText()).containsExactly("beta");
    assertThat(page.select("main > details tbody th").eachText()).containsExactly("warmup-steps");
  }

  @Test
  void many_runs_have_short_names_and_a_line_each_that_ends_where_the_run_ends()
      throws IOException {
    List<Path> runs = new ArrayList<>();
    for (int i = 0; i < 13; i++) {
      runs.add(write("at/" + i + "/run", "batch-size: 4\n", 2 + i));
    }
    Document page = compared(runs.toArray(Path[]::new));
    assertThat(page.select("header li b").eachText()).startsWith("0/run", "1/run").hasSize(13);
    assertThat(page.select("header li").eachAttr("data-run")).doesNotHaveDuplicates();
    JsonNode lines = RunReportTest.charts(page).get(0).path("lines");
    for (int i = 0; i < 13; i++) {
      assertThat(RunReportTest.x(page, lines.get(i))).hasSize(2 + i).endsWith(2 + i);
      assertThat(lines.get(i).path("y")).hasSize(2 + i);
    }
    assertThat(page.select("[data-chart=0]").attr("aria-label"))
        .isEqualTo("loss. 13 lines; they end between 0.5020 (0/run) and 0.5137 (12/run).");
    assertThat(RunReportTest.data(page).path("runs")).hasSize(13);
  }

  @Test
  void a_number_beyond_all_bounds_is_refused_with_its_place() throws IOException {
    Path run = WrittenRun.write(folder.resolve("run"), "{}", 2, step -> "\"loss\":1e" + 999 * step);
    assertThatThrownBy(() -> Comparison.of(List.of(run)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(run.resolve("metrics.jsonl") + ":1: 'loss' is not a finite number");
  }

  @Test
  void any_settings_that_can_be_read_are_shown() throws IOException {
    Path run =
        write("run", "a.b: 1\na: {b: 2, c: [null, {d: null}]}\nlong: " + "x".repeat(9_000), 1);
    Path other = write("other", "long: y\n", 1);
    assertThat(compared(run, other).select(".long").text()).contains("(9,000 characters)");
    Path empty = write("empty", "null\n", 1);
    assertThatThrownBy(() -> Comparison.of(List.of(empty)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(empty.resolve("config.yaml") + ": is invalid: expected keys with values");
    Path broken = write("broken", "a: 1\nb: {\n", 1);
    assertThatThrownBy(() -> Comparison.of(List.of(broken)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(broken.resolve("config.yaml") + ":2: is invalid: ")
        .hasMessageNotContaining("\n");
  }

  private Path write(String name, String config, int steps) throws IOException {
    return WrittenRun.write(folder.resolve(name), config, steps, WrittenRun::hard);
  }

  private Document compared(Path... runs) throws IOException {
    Path file = folder.resolve("compare.html");
    Files.writeString(file, Comparison.of(List.of(runs)).page());
    return Jsoup.parse(file.toFile());
  }

  @Test
  void a_folder_that_is_no_run_is_refused() {
    assertThatThrownBy(() -> Comparison.of(List.of(folder)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(folder + ": is not a run's folder: it has no metrics.jsonl");
  }
}
