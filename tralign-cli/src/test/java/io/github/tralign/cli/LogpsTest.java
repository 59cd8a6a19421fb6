package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.github.tralign.data.source.DataRecord;
import io.github.tralign.data.source.RecordFiles;
import io.github.tralign.data.source.RecordReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogpsTest {

  private static final String EARLIER = "{\"index\":0,\"chosen\":{\"logp\":-1.0}}";

  @TempDir private Path folder;

  @Test
  void scores_are_those_of_transformers_row_by_row() throws Exception {
    Path scores = folder.resolve("scores.jsonl");
    Cli.Outcome outcome =
        Cli.process(folder, "logps", "--policy", Cli.NEOX, "--data", Cli.ROWS, "--output", scores);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).isEmpty();

    JsonNode expected = new ObjectMapper().readTree(Cli.LOGPS.toFile()).path("logps").path("neox");
    List<JsonNode> actual = TrainTest.lines(scores);
    assertThat(actual).hasSameSizeAs(expected);
    for (int row = 0; row < actual.size(); row++) {
      assertThat(actual.get(row).path("index").asInt()).isEqualTo(row);
      for (String side : List.of("chosen", "rejected")) {
        JsonNode score = actual.get(row).path(side);
        JsonNode golden = expected.get(row).path(side);
        assertThat(score.path("tokens").asInt()).isEqualTo(golden.path("tokens").asInt());
        assertThat(score.path("logp").asDouble())
            .as("row %d, %s", row, side)
            .isCloseTo(golden.path("logp").asDouble(), withinPercentage(1e-4));
      }
    }
  }

  @Test
  void a_labelled_completion_has_one_score() throws IOException {
    List<String> rows = new ArrayList<>();
    for (JsonNode row : TrainTest.lines(Cli.ROWS).subList(0, 3)) {
      rows.add(
          new ObjectMapper()
              .createObjectNode()
              .put("prompt", row.path("prompt").asText())
              .put("completion", row.path("chosen").asText())
              .put("label", rows.isEmpty())
              .toString());
    }
    Path data = Files.write(folder.resolve("labelled.jsonl"), rows);
    Path scores = folder.resolve("scores.jsonl");
    Path pairScores = folder.resolve("pairs.jsonl");
    assertThat(logps(data, scores).code()).isZero();
    assertThat(logps(Cli.ROWS, pairScores).code()).isZero();
    List<JsonNode> actual = TrainTest.lines(scores);
    assertThat(actual).hasSize(3);
    for (int row = 0; row < 3; row++) {
      JsonNode chosen = TrainTest.lines(pairScores).get(row).path("chosen");
      assertThat(actual.get(row).fieldNames()).toIterable().containsExactly("index", "completion");
      assertThat(actual.get(row).path("index").asInt()).isEqualTo(row);
      assertThat(actual.get(row).path("completion").path("tokens"))
          .isEqualTo(chosen.path("tokens"));
      assertThat(actual.get(row).path("completion").path("logp").asDouble())
          .isCloseTo(chosen.path("logp").asDouble(), withinPercentage(1e-4));
    }
  }

  @Test
  void rows_that_are_dropped_leave_gaps_in_the_index_across_files() throws IOException {
    List<String> rows = new ArrayList<>(Files.readAllLines(Cli.ROWS).subList(0, 4));
    rows.set(1, "not JSON");
    rows.add(2, ""); // no row
    Path first = Files.write(folder.resolve("first.jsonl"), rows);
    Path second = Files.write(folder.resolve("second.jsonl"), rows);
    Cli.Outcome outcome =
        Cli.run(
            "logps",
            "--policy",
            Cli.NEOX,
            "--data",
            first,
            "--data",
            second,
            "--output",
            "-",
            "--batch-size",
            2,
            "--skip-invalid");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out().lines())
        .map(line -> new ObjectMapper().readTree(line).path("index").asInt())
        .containsExactly(0, 2, 3, 4, 6, 7);
    assertThat(outcome.err()).contains("6 of 8 rows used", "first.jsonl:2", "second.jsonl:2");
  }

  @Test
  void parquet_has_what_lines_have() throws Exception {
    Path lines = folder.resolve("scores.jsonl");
    Path table = folder.resolve("scores.parquet");
    assertThat(logps(Cli.ROWS, lines).code()).isZero();
    Cli.Outcome outcome = logps(Cli.ROWS, table);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(rows(table)).isEqualTo(TrainTest.lines(lines)).hasSize(40);

    Cli.Outcome again = logps(Cli.ROWS, table);
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err())
        .contains("--output: " + table + " exists; choose another name, or give");
    assertThat(logps(Cli.ROWS, table, "--overwrite", "--first-index", 7).code()).isZero();
    assertThat(rows(table)).map(it -> it.path("index").asInt()).startsWith(7, 8).endsWith(46);
  }

  /** The rows of a Parquet file; columns that are null are left out, as in lines. */
  static List<JsonNode> rows(Path table) throws Exception {
    List<JsonNode> rows = new ArrayList<>();
    try (RecordReader reader = RecordFiles.open(table)) {
      for (DataRecord row = reader.next(); row != null; row = reader.next()) {
        ObjectNode fields = row.fields();
        for (String name : ImmutableList.copyOf(fields.fieldNames())) {
          if (fields.path(name).isNull()) {
            fields.remove(name);
          }
        }
        rows.add(new ObjectMapper().readTree(fields.toString())); // integers of one type
      }
    }
    return rows;
  }

  @Test
  void an_earlier_file_is_replaced_by_a_complete_one_only() throws IOException {
    Path scores = Files.writeString(folder.resolve("scores.jsonl"), EARLIER);
    Path data = Files.writeString(folder.resolve("rows.jsonl"), "not JSON");
    assertThat(logps(data, scores).code()).isEqualTo(2);
    assertThat(scores).hasContent(EARLIER);
    assertThat(logps(Cli.ROWS, scores).code()).isZero();
    assertThat(TrainTest.lines(scores)).hasSize(40);
    assertThat(folder).isDirectoryNotContaining("glob:**tmp*");
  }

  private static Cli.Outcome logps(Path data, Path output, Object... more) {
    Object[] all = {"logps", "--policy", Cli.NEOX, "--data", data, "--output", output, "--quiet"};
    return Cli.run(Stream.of(all, more).flatMap(Stream::of).toArray());
  }
}
