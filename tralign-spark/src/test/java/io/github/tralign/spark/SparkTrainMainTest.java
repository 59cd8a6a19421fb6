package io.github.tralign.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command in a process of its own, as the launcher starts it. */
@Tag("nightly")
class SparkTrainMainTest {

  @TempDir private Path folder;

  private record Outcome(int exitCode, String output) {}

  @Test
  void processes_of_a_release_train_together() throws Exception {
    Path release = Files.createDirectory(folder.resolve("release"));
    Files.createSymbolicLink(
        release.resolve("tralign.jar"), Path.of(System.getProperty("tralign.test.classes")));

    Outcome outcome =
        run(
            "--master",
            "local[2]",
            "--processes=2",
            "--java-options",
            "-Xmx32m -XX:TieredStopAtLevel=1",
            "--conf",
            "spark.driver.host=127.0.0.1",
            "--release",
            release.toString(),
            "--",
            "train",
            "--folder",
            folder.toString(),
            "--fails",
            "none");

    assertThat(outcome.output())
        .contains(": 2 processes\n")
        .contains("[rank 0] ends with " + RankProgram.sum(2) + "\n")
        .contains("[rank 1] ends with " + RankProgram.sum(2) + "\n");
    assertThat(outcome.exitCode()).isZero();
    assertThat(RankProgram.alive(folder)).isEmpty();
  }

  @Test
  void an_invalid_option_ends_with_exit_code_2() throws Exception {
    assertThat(run("--processes", "0"))
        .isEqualTo(
            new Outcome(2, "error: --processes: expected a whole number of at least 1, not 0\n"));
  }

  @Test
  void a_cluster_that_is_refused_ends_with_exit_code_2() throws Exception {
    Outcome outcome =
        run(
            "--master=local[1]",
            "--processes=2",
            "--conf=spark.driver.host=127.0.0.1",
            "--conf=spark.dynamicAllocation.enabled=true",
            "--release=nowhere",
            "--",
            "train");

    assertThat(outcome.output()).contains("error: spark.dynamicAllocation.enabled is set");
    assertThat(outcome.exitCode()).isEqualTo(2);
  }

  private Outcome run(String... arguments) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx600m"));
    words.addAll(List.of(System.getProperty("tralign.test.opens").split(" ")));
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.add(SparkTrainMain.class.getName());
    words.addAll(List.of(arguments));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), output);
  }
}
