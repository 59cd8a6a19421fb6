package io.github.tralign.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkScoringTest {

  private static JavaSparkContext spark;

  @TempDir private Path folder;
  private Path output;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @BeforeEach
  void choose() {
    output = folder.resolve("scores");
  }

  @Test
  void parts_have_the_lines_that_one_process_writes_for_all_rows() throws Exception {
    List<String> rows = rows(100);
    Path file = folder.resolve("rows.jsonl");
    Files.write(file, rows);
    Path alone = folder.resolve("alone.jsonl");
    ScoreProgram.main(ScoreProgram.alone(file, alone));

    SparkScoring scoring = SparkScoring.by(ScoreProgram.command(), output).rowsPerPart(40);
    SparkScoring.Result result = scoring.run(spark.textFile(file.toString(), 5));

    assertThat(result).isEqualTo(new SparkScoring.Result(100, 3, 0));
    assertThat(Scores.in(output)).isEqualTo(Files.readAllLines(alone));
    assertThat(output.resolve("_SUCCESS")).isEmptyFile();
  }

  @Tag("nightly")
  @Test
  void what_failed_is_computed_by_the_next_run_and_finished_parts_are_kept() throws Exception {
    List<String> rows = new ArrayList<>(rows(8));
    rows.set(5, "{\"fail\":true}");
    SparkScoring scoring =
        SparkScoring.by(
                ScoreProgram.command("--fail-once", folder.resolve("failed").toString()), output)
            .rowsPerPart(4);
    JavaRDD<String> data = spark.parallelize(rows, 1);

    assertThatThrownBy(() -> scoring.run(data))
        .hasMessageContaining("scoring ended with exit code 3")
        .hasMessageContaining("error: stops at row 1");
    assertThat(output.resolve("_SUCCESS")).doesNotExist();
    Files.createFile(output.resolve(ScoringTask.ATTEMPT + "0-of-a-lost-executor"));
    int finished = Scores.parts(output).size(); // the other task may still be at work

    SparkScoring.Result again = scoring.run(data);
    assertThat(again).isEqualTo(new SparkScoring.Result(8, 2, again.kept()));
    assertThat(again.kept()).isBetween(finished, 1);
    assertThat(scoring.run(data)).isEqualTo(new SparkScoring.Result(8, 2, 2));
    assertThat(Scores.in(output)).hasSize(8).doesNotHaveDuplicates();
    try (Stream<Path> all = Files.list(output)) {
      assertThat(all).hasSize(3); // two parts and _SUCCESS
    }
  }

  @Tag("nightly")
  @Test
  void scores_of_other_rows_or_arguments_are_refused() throws Exception {
    SparkScoring.by(ScoreProgram.command(), output).run(spark.parallelize(rows(2), 1));
    Path part = Scores.parts(output).get(0);

    assertThatThrownBy(
            () ->
                SparkScoring.by(ScoreProgram.command(), output).run(spark.parallelize(rows(3), 1)))
        .hasMessageContaining(part + " has scores of other rows or by other arguments");
    assertThatThrownBy(
            () ->
                SparkScoring.by(ScoreProgram.command("--other"), output)
                    .run(spark.parallelize(rows(2), 1)))
        .hasMessageContaining(part + " has scores of other rows or by other arguments");
    assertThatThrownBy(
            () ->
                SparkScoring.by(ScoreProgram.command(), output)
                    .run(spark.parallelize(List.<String>of(), 1)))
        .hasMessageContaining(part + " is of another data set, since this one has 0 parts");
    assertThat(Scores.parts(output)).containsExactly(part);
  }

  @Test
  void logps_scores_each_row_by_itself_unless_a_batch_size_is_given() {
    assertThat(SparkScoring.logps("release", List.of("--policy", "model"), output).command())
        .extracting(WorkerCommand::arguments)
        .isEqualTo(List.of("logps", "--quiet", "--policy", "model", "--batch-size", "1"));
    assertThat(SparkScoring.logps("release", List.of("--batch-size=8"), output).command())
        .extracting(WorkerCommand::arguments)
        .isEqualTo(List.of("logps", "--quiet", "--batch-size=8"));
  }

  @Test
  void tokens_come_from_the_report_on_the_data() {
    assertThat(SparkScoring.tokens("release", List.of("--tokenizer", "model"), output).command())
        .extracting(WorkerCommand::arguments)
        .isEqualTo(List.of("data", "--quiet", "--show", "0", "--tokenizer", "model"));
  }

  private static List<String> rows(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"text\":\"row " + i + (i % 7 == 3 ? " dropped" : "") + "\"}")
        .map(row -> count == 8 ? row.replace("dropped", "kept") : row)
        .toList();
  }
}
