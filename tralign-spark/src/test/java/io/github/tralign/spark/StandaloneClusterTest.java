package io.github.tralign.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a single process cannot show: executors that are processes, and are lost. */
@Tag("nightly")
class StandaloneClusterTest {

  @TempDir private static Path clusterFolder;
  private static StandaloneCluster cluster;
  private static JavaSparkContext spark;

  @TempDir private Path folder;
  private final Lines heard = new Lines();

  @BeforeAll
  static void start() throws Exception {
    cluster = StandaloneCluster.start(clusterFolder);
    spark = cluster.driver();
  }

  @AfterAll
  static void stop() throws Exception {
    spark.stop();
    cluster.close();
  }

  @ParameterizedTest
  @CsvSource({"none, none", "halt, 1", "hang, 1", "executor, 1", "executor, 0"})
  void a_run_ends_with_the_same_sum_whatever_happens_to_a_rank(String how, String rank)
      throws Exception {
    SparkTraining.on(spark)
        .processes(2)
        .command(RankProgram.command(folder, rank, how))
        .resume(folder.resolve("checkpoint").toString(), List.of("--resume"))
        .metrics(folder.resolve("metrics.jsonl").toString())
        .grace(Duration.ofSeconds(2))
        .listener(heard)
        .build()
        .run();

    int attempt = how.equals("none") ? 0 : 1;
    assertThat(heard.lines)
        .contains(
            attempt + "/0: begins at step " + (attempt == 0 ? 1 : 4),
            attempt + "/0: ends with " + RankProgram.sum(2),
            attempt + "/1: ends with " + RankProgram.sum(2));
    assertThat(heard.metrics)
        .last()
        .isEqualTo("{\"step\":" + RankProgram.STEPS + ",\"sum\":" + RankProgram.sum(2) + "}");
    assertThat(RankProgram.alive(folder)).isEmpty();
  }

  @Test
  void scoring_neither_loses_nor_doubles_a_row_when_an_executor_is_lost() throws Exception {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      rows.add("{\"text\":\"row " + i + (i == 12_345 ? " fail" : "") + "\"}");
    }
    Path file = folder.resolve("rows.jsonl");
    Files.write(file, rows);
    Path alone = folder.resolve("alone.jsonl");
    ScoreProgram.main(ScoreProgram.alone(file, alone));

    Path marker = folder.resolve("failed");
    SparkScoring.Result result =
        SparkScoring.by(
                ScoreProgram.command("--fail-once", marker.toString(), "--kill-executor"),
                folder.resolve("scores"))
            .rowsPerPart(2_500)
            .run(spark.textFile(file.toString(), 4));

    assertThat(marker).exists();
    assertThat(result.rows()).isEqualTo(20_000);
    assertThat(result.parts()).isEqualTo(8);
    assertThat(Scores.in(folder.resolve("scores"))).isEqualTo(Files.readAllLines(alone));
  }
}
