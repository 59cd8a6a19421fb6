package io.github.tralign.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparkTrainingTest {

  private static JavaSparkContext spark;

  @TempDir private Path folder;
  private final Lines heard = new Lines();

  @BeforeAll
  static void start() {
    spark = LocalSpark.start();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Tag("nightly")
  @Test
  void ranks_meet_and_train_and_the_driver_hears_of_them() throws Exception {
    training("none", "ok").build().run();

    String sum = "ends with " + RankProgram.sum(2);
    assertThat(heard.lines).contains("0/0: " + sum, "0/1: " + sum);
    assertThat(heard.ends).containsExactlyInAnyOrder("0/0: 0", "0/1: 0");
    assertThat(heard.metrics).hasSize(RankProgram.STEPS);
    assertThat(heard.metrics.get(0)).isEqualTo("{\"step\":1,\"sum\":" + (31 + 2) + "}");
    assertThat(RankProgram.alive(folder)).isEmpty();
  }

  @Test
  void a_rank_that_is_killed_is_started_again_with_the_others_and_resumes() throws Exception {
    trainAndFailOnce("kill", "1");
  }

  @Tag("nightly")
  @ParameterizedTest
  @CsvSource({"halt, 0", "hang, 1"})
  void a_rank_that_fails_is_started_again_with_the_others_and_resumes(String how, String rank)
      throws Exception {
    trainAndFailOnce(how, rank);
  }

  private void trainAndFailOnce(String how, String rank) throws Exception {
    training(rank, how).build().run();

    assertThat(heard.lines)
        .contains(
            "0/" + rank + ": now: " + how,
            "1/0: begins at step 4",
            "1/1: begins at step 4",
            "1/0: ends with " + RankProgram.sum(2),
            "1/1: ends with " + RankProgram.sum(2));
    assertThat(RankProgram.alive(folder)).isEmpty();
  }

  @Tag("nightly")
  @Test
  void what_fails_in_each_attempt_fails_with_the_name_of_the_rank() throws Exception {
    SparkTraining training = training("1", "always").attempts(2).build();

    SparkRunException failure = catchThrowableOfType(SparkRunException.class, training::run);
    assertThat(failure)
        .hasMessageContaining("failed: attempt 2: rank")
        .hasMessageContaining("rank 1 ended with exit code 1")
        .hasMessageContaining("java.lang.IllegalStateException: rank 1 was asked to fail");
    assertThat(failure.exitCode()).isEqualTo(1);
    assertThat(RankProgram.alive(folder)).isEmpty();
  }

  @Tag("nightly")
  @Test
  void an_invalid_input_is_final() throws Exception {
    SparkTraining training = training("0", "invalid").build();

    SparkRunException failure = catchThrowableOfType(SparkRunException.class, training::run);
    assertThat(failure).hasMessageContaining("attempt 1: rank 0 ended with exit code 2");
    assertThat(failure.exitCode()).isEqualTo(2);
    assertThat(RankProgram.alive(folder)).isEmpty();
  }

  @Tag("nightly")
  @Test
  void a_cancelled_run_leaves_no_process_and_no_child_of_one() throws Exception {
    SparkTraining training = training("1", "child").build();
    CompletableFuture<Void> run = CompletableFuture.runAsync(training::run);
    heard.misbehaves.await();
    while (RankProgram.alive(folder).size() < 3) {
      Thread.sleep(10); // the child comes after the line
    }

    training.cancel();

    assertThatThrownBy(run::join)
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("the run was cancelled");
    assertThat(RankProgram.alive(folder)).isEmpty();
  }

  @Tag("nightly")
  @Test
  void a_program_that_is_missing_is_an_error_that_names_it() {
    WorkerCommand command = WorkerCommand.tralign("/nowhere", List.of("train"));
    SparkTraining training =
        SparkTraining.on(spark).processes(2).attempts(1).command(command).listener(heard).build();

    assertThatThrownBy(training::run)
        .isInstanceOf(SparkRunException.class)
        .hasMessageContaining("/nowhere/tralign.jar does not exist on this machine");
  }

  @Test
  void more_processes_than_slots_are_refused_at_once() {
    SparkTraining training =
        training("none", "ok").processes(3).slotsTimeout(Duration.ZERO).build();

    assertThatThrownBy(training::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "3 processes need as many task slots at once, but the cluster has 2");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void more_attempts_than_sparks_are_refused() {
    assertThatThrownBy(() -> SparkTraining.on(spark).attempts(5))
        .hasMessage("attempts: must be from 1 to 4 (spark.stage.maxConsecutiveAttempts), not 5");
  }

  private SparkTrainingBuilder training(String fails, String how) {
    return SparkTraining.on(spark)
        .processes(2)
        .command(RankProgram.command(folder, fails, how))
        .resume(folder.resolve("checkpoint").toString(), List.of("--resume"))
        .metrics(folder.resolve("metrics.jsonl").toString())
        .grace(Duration.ofSeconds(2))
        .listener(heard);
  }
}
