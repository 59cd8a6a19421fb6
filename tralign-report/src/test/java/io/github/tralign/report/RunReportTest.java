package io.github.tralign.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {

  private static final String CONFIG = "loss: dpo\nbeta: 0.1\nreference: hard:8\n";
  private static final String HOSTILE = "</script><script>alert('x')</script><b title=\"y\">";

  @TempDir private Path folder;

  @Test
  void it_shows_every_curve_with_all_its_points() throws IOException {
    Path run = WrittenRun.write(folder.resolve("run"), CONFIG, 40, WrittenRun::hard);
    new RunReport(run, WrittenRun.pairs(4)).write(RunFiles.of(run), null);
    JsonNode charts = charts(page(run));
    assertThat(charts.findValuesAsText("title"))
        .contains("Loss", "Reward margins", "Accuracy", "Log-probabilities", "Gradient norm")
        .contains("Learning rate", "Lengths");
    JsonNode loss = charts.get(0).path("lines").get(0);
    assertThat(x(page(run), loss)).hasSize(40);
    assertThat(loss.path("y").get(39).asDouble()).isEqualTo(0.539063); // 0.5 + 40/1024, six digits
    assertThat(loss.path("low")).isEmpty();
    JsonNode margins = charts.get(1).path("lines");
    assertThat(margins.findValuesAsText("label"))
        .containsExactly("against the current reference", "against the initial policy");
    assertThat(x(page(run), margins.get(1))).startsWith(0, 5, 10).hasSize(9);
    assertThat(charts.get(0).path("marks"))
        .extracting(JsonNode::asInt)
        .containsExactly(8, 16, 24, 32, 40);
  }

  @Test
  void each_chart_has_its_place_on_a_page_that_loads_nothing() throws IOException {
    Path run = WrittenRun.write(folder.resolve("run"), CONFIG, 40, WrittenRun::hard);
    new RunReport(run, WrittenRun.pairs(4)).write(RunFiles.of(run), null);
    String html = Files.readString(run.resolve("report.html"));
    Parser parser = Parser.htmlParser().setTrackErrors(10);
    Document page = Jsoup.parse(html, "", parser);
    assertThat(parser.getErrors()).isEmpty();
    assertThat(page.select("[data-chart]").eachAttr("data-chart"))
        .hasSize(charts(page).size())
        .doesNotHaveDuplicates();
    assertThat(page.select("[src], [href]:not([href^=#]), link, iframe, object, img")).isEmpty();
    assertThat(page.select("meta[http-equiv=Content-Security-Policy]").attr("content"))
        .startsWith("default-src 'none'");
    assertThat(page.select("style").html()).doesNotContain("@import", "url(");
    assertThat(html).contains("uPlot", "Permission is hereby granted");
  }

  /** Options, file names and messages may hold anything. */
  @Test
  void texts_are_shown_and_never_obeyed() throws IOException {
    String config = new ObjectMapper().writeValueAsString(Map.of("loss", HOSTILE));
    String metric = new ObjectMapper().writeValueAsString(HOSTILE);
    Path run = WrittenRun.write(folder.resolve("<i>run"), config, 3, step -> metric + ":" + step);
    new RunReport(run, WrittenRun.pairs(4)).stopped("at " + HOSTILE);
    Document page = page(run);
    assertThat(page.select("script")).hasSize(3);
    assertThat(page.select("b[title], h1 i")).isEmpty();
    assertThat(page.select("h1").text()).isEqualTo("<i>run");
    assertThat(page.select("header b").text()).isEqualTo(HOSTILE);
    assertThat(page.select(".finding.warning p").first().text()).isEqualTo("at " + HOSTILE);
    assertThat(charts(page).get(0).path("title").asText()).isEqualTo(HOSTILE);
  }

  @Test
  void no_character_changes_how_those_around_it_are_read() throws IOException {
    String reversed = "a\u202eb\u2028c";
    JsonMapper ascii = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    String config = ascii.writeValueAsString(Map.of(reversed, reversed));
    String metric = ascii.writeValueAsString(reversed);
    Path run = WrittenRun.write(folder.resolve("r\u202en"), config, 3, step -> metric + ":" + step);
    new RunReport(run, WrittenRun.pairs(4)).stopped("at " + reversed);
    assertThat(Files.readString(run.resolve("report.html")))
        .doesNotContain("\u202e")
        .doesNotContain("\u2028");
    Document page = page(run);
    assertThat(page.select("h1").text()).isEqualTo("r\\u202en");
    assertThat(charts(page).get(0).path("title").asText()).isEqualTo("a\\u202eb\\u2028c");
  }

  @Test
  void held_out_metrics_are_drawn_over_the_divergence_in_the_order_of_the_steps()
      throws IOException {
    Path run = WrittenRun.write(folder.resolve("run"), CONFIG, 12, WrittenRun::sampled);
    new RunReport(run, WrittenRun.pairs(4)).write(RunFiles.of(run), null);
    Document page = page(run);
    List<JsonNode> paths = paths(page);
    assertThat(paths)
        .map(it -> it.path("title").asText())
        .containsExactly("Held-out reward margin over KL", "Held-out accuracy over KL");
    JsonNode margins = paths.get(0);
    assertThat(margins.path("axes"))
        .map(JsonNode::asText)
        .containsExactly(
            "KL from the initial policy, nats a completion", "reward margin, β × nats");
    JsonNode line = margins.path("lines").path(0);
    assertThat(data(page).path("steps").path(line.path("x").asInt()))
        .map(JsonNode::asDouble)
        .containsExactly(1.5, 3.0, 2.5); // in the order of the steps, not of their values
    assertThat(line.path("y")).map(JsonNode::asDouble).containsExactly(0.25, 0.5, 0.75);
    assertThat(line.path("error")).map(JsonNode::asDouble).containsExactly(0.125, 0.125, 0.125);
    assertThat(
            page.select("figure:contains(reward margin over KL) [data-chart]").attr("aria-label"))
        .isEqualTo(
            "Held-out reward margin over KL. held-out rows from 0.2500 at KL 1.5 to 0.7500 at KL"
                + " 2.5.");
  }

  @Test
  void a_single_evaluation_has_no_line_over_the_divergence() throws IOException {
    Path run = WrittenRun.write(folder.resolve("run"), CONFIG, 4, WrittenRun::sampled);
    new RunReport(run, WrittenRun.pairs(4)).write(RunFiles.of(run), null);
    assertThat(paths(page(run))).isEmpty();
  }

  static List<JsonNode> paths(Document page) throws IOException {
    List<JsonNode> paths = new ArrayList<>();
    charts(page).forEach(paths::add);
    paths.removeIf(it -> !it.path("kind").asText().equals("path"));
    return paths;
  }

  @Test
  void a_run_that_stopped_says_why_its_last_step_has_no_samples() throws IOException {
    Path run = WrittenRun.write(folder.resolve("run"), CONFIG, 12, WrittenRun::sampled);
    Files.writeString(
        run.resolve("samples.jsonl"),
        "{\"step\":8,\"index\":0,\"prompt\":\"Hi\",\"completion\":\"Hello\"}\n");
    RunReport report = new RunReport(run, WrittenRun.pairs(4));
    report.stopped("on request");
    assertThat(page(run).select("#samples ~ p").eachText())
        .anyMatch(it -> it.startsWith("The run stopped after step 12, which has no samples"));
    report.write(RunFiles.of(run), null);
    assertThat(page(run).text()).contains("Hello").doesNotContain("which has no samples");
  }

  @Test
  void charts_are_in_groups_with_contents_that_lead_to_them() throws IOException {
    Path run =
        WrittenRun.write(
            folder.resolve("run"),
            CONFIG,
            20,
            step -> WrittenRun.hard(step) + ",\"eval_loss\":1,\"mine\":2");
    new RunReport(run, WrittenRun.pairs(4)).write(RunFiles.of(run), null);
    Document page = page(run);
    assertThat(page.select("main h3[id]").eachText())
        .containsExactly(
            "Progress",
            "Rewards and log-probabilities",
            "Held-out rows",
            "Reference",
            "Optimizer",
            "Other metrics",
            "Lengths of the data");
    assertThat(page.select("nav a").eachAttr("href"))
        .contains("#charts-held-out", "#data", "#metrics", "#settings")
        .allSatisfy(to -> assertThat(page.getElementById(to.substring(1))).isNotNull());
  }

  @Test
  void each_chart_has_a_summary_and_its_figures_without_the_script() throws IOException {
    Path run = WrittenRun.write(folder.resolve("run"), CONFIG, 40, WrittenRun::hard);
    new RunReport(run, WrittenRun.pairs(4)).write(RunFiles.of(run), null);
    Document page = page(run);
    assertThat(page.select("[data-chart=1]").attr("aria-label"))
        .isEqualTo(
            "Reward margins. against the current reference from 0.2500 at step 1 to 0.2500 at step"
                + " 40; against the initial policy from 0.0000 at step 0 to 0.6250 at step 40.");
    assertThat(page.select("figure:has([data-chart=0]) td").eachText())
        .containsExactly("0.5010 at 1", "0.5391 at 40", "0.5010 at 1", "0.5391 at 40");
    assertThat(page.select("figure:not(:has(table))")).isEmpty();
    assertThat(page.select(".tools[hidden]")).hasSize(1); // the script shows it
  }

  @Test
  void a_run_has_its_tokens_and_its_time_at_each_point() throws IOException {
    Path run =
        WrittenRun.write(
            folder.resolve("run"),
            "batch-size: 8\n",
            3,
            step -> "\"num_tokens\":" + 100 * step + ",\"pairs_per_second\":" + 16 / step);
    new RunReport(run, WrittenRun.pairs(4)).write(RunFiles.of(run), null);
    JsonNode clock = data(page(run)).path("runs").get(0);
    assertThat(clock.path("step")).extracting(JsonNode::asInt).containsExactly(0, 1, 2, 3);
    assertThat(clock.path("tokens")).extracting(JsonNode::asInt).containsExactly(0, 100, 200, 300);
    assertThat(clock.path("seconds"))
        .extracting(JsonNode::asDouble)
        .containsExactly(0.0, 0.5, 1.5, 3.1); // 8 rows at 16, 8 and 5 rows a second
  }

  @Test
  void the_summary_does_not_repeat_the_last_metrics() throws IOException {
    Path run = WrittenRun.write(folder.resolve("run"), CONFIG, 3, WrittenRun::hard);
    Files.writeString(
        run.resolve("summary.json"), "{\"steps\": 3, \"last\": {\"step\": 3, \"loss\": 0.5}}");
    new RunReport(run, WrittenRun.pairs(4)).write(RunFiles.of(run), null);
    assertThat(page(run).select("#speed + .wide th").eachText()).containsExactly("steps");
  }

  @Test
  void a_finding_says_from_where_on_it_is_said() throws IOException {
    Path run =
        WrittenRun.write(folder.resolve("run"), CONFIG, 20, step -> "\"initial/logratios\":-2");
    new RunReport(run, WrittenRun.pairs(4)).write(RunFiles.of(run), null);
    assertThat(page(run).select(".finding.warning small").text()).contains("beyond ±1 per token");
  }

  @Test
  void long_runs_are_thinned_out_to_means_between_least_and_greatest() throws IOException {
    Path run = WrittenRun.write(folder.resolve("run"), CONFIG, 2500, WrittenRun::hard);
    new RunReport(run, WrittenRun.pairs(4)).write(RunFiles.of(run), null);
    JsonNode loss = charts(page(run)).get(0).path("lines").get(0);
    assertThat(x(page(run), loss)).hasSize(834).startsWith(3, 6); // buckets of 3
    assertThat(loss.path("y").get(0).asDouble()).isEqualTo(0.501953); // 0.5 + 2/1024
    assertThat(loss.path("low").get(0).asDouble()).isEqualTo(0.500977);
    assertThat(loss.path("high").get(0).asDouble()).isEqualTo(0.502930);
    assertThat(page(run).text()).contains("the mean of 3 consecutive steps");
    assertThat(run.resolve("metrics.csv")).content().hasLineCount(2501);
  }

  @Test
  void a_run_that_stopped_says_why_and_shows_what_there_is() throws IOException {
    Path run = WrittenRun.write(folder.resolve("run"), CONFIG, 0, WrittenRun::hard);
    new RunReport(run, WrittenRun.pairs(4)).stopped("the loss of step 1 is NaN");
    assertThat(page(run).text())
        .contains("The run did not finish the loss of step 1 is NaN")
        .contains("Available when the run has finished.");
  }

  @Test
  void the_table_has_every_step_and_nothing_where_nothing_was_measured() throws IOException {
    Path run = WrittenRun.write(folder.resolve("run"), CONFIG, 5, WrittenRun::hard);
    new RunReport(run, WrittenRun.pairs(4)).write(RunFiles.of(run), null);
    assertThat(Files.readAllLines(run.resolve("metrics.csv")))
        .hasSize(6)
        .startsWith(
            "step,loss,grad_norm,learning_rate,logps/chosen,rewards/margins,rewards/accuracies,"
                + "reference/weight,initial/rewards/margins",
            "1,0.5009765625,2.5,0.001,-1,0.25,0.75,0,")
        .endsWith("5,0.5048828125,2.5,0.001,-5,0.25,0.75,0,0.078125");
  }

  @Test
  void a_line_that_a_killed_run_left_unfinished_is_left_out() throws IOException {
    Path run = WrittenRun.write(folder.resolve("run"), CONFIG, 5, WrittenRun::hard);
    Files.writeString(run.resolve("metrics.jsonl"), "{\"step\":6,\"lo", StandardOpenOption.APPEND);
    new RunReport(run, WrittenRun.pairs(4)).write(RunFiles.of(run), null);
    assertThat(charts(page(run)).get(0).path("lines").get(0).path("y")).hasSize(5);
  }

  @Test
  void a_broken_line_in_between_is_reported_with_its_number() throws IOException {
    Path run = WrittenRun.write(folder.resolve("run"), CONFIG, 5, WrittenRun::hard);
    List<String> lines = new ArrayList<>(Files.readAllLines(run.resolve("metrics.jsonl")));
    lines.set(2, "{\"step\":");
    Files.write(run.resolve("metrics.jsonl"), lines);
    assertThatThrownBy(() -> new RunReport(run, WrittenRun.pairs(4)).write(RunFiles.of(run), null))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("metrics.jsonl:3: ");
  }

  static Document page(Path run) throws IOException {
    return Jsoup.parse(run.resolve("report.html").toFile());
  }

  static JsonNode charts(Document page) throws IOException {
    return data(page).path("charts");
  }

  static JsonNode data(Document page) throws IOException {
    return new ObjectMapper().readTree(page.getElementById("charts").data());
  }

  /** The steps of a line. */
  static List<Integer> x(Document page, JsonNode line) throws IOException {
    List<Integer> steps = new ArrayList<>();
    data(page).path("steps").get(line.path("x").asInt()).forEach(it -> steps.add(it.asInt()));
    return steps;
  }
}
