package io.github.tralign.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.tralign.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.select.Elements;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {

  @TempDir private Path folder;

  @Test
  void runs_are_shown_with_what_differs_their_results_and_all_curves() throws IOException {
    Path one =
        WrittenRun.write(folder.resolve("one"), "loss: dpo\nbeta: 0.1\n", 20, WrittenRun::hard);
    Path two =
        WrittenRun.write(
            folder.resolve("<i>two"), "loss: dpo\nbeta: 0.5\n", 10, step -> "\"loss\":0.125");
    Path file = folder.resolve("compare.html");
    Comparison.of(List.of(one, two)).write(file);

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
  void a_folder_that_is_no_run_is_refused() {
    assertThatThrownBy(() -> Comparison.of(List.of(folder)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(folder + ": is not the folder of a run: no metrics.jsonl");
  }
}
