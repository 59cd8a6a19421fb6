package io.github.tralign.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparkOptionsTest {

  @Test
  void options_before_the_dashes_are_sparks_and_those_behind_are_trainings() {
    SparkOptions options =
        parse(
            "--master=local[2] --processes 2 --release /r --attempts 3 --conf a.b=c=d"
                + " -- train --policy p --output=run");

    assertThat(options.processes()).isEqualTo(2);
    assertThat(options.training()).containsExactly("train", "--policy", "p", "--output=run");
    assertThat(options.trainingOption("--output")).contains("run");
    assertThat(options.trainingOption("--policy")).contains("p");
    assertThat(options.trainingOption("--data")).isEmpty();
    SparkConf conf = options.conf(new SparkConf(false));
    assertThat(conf.get("spark.master")).isEqualTo("local[2]");
    assertThat(conf.get("spark.stage.maxConsecutiveAttempts")).isEqualTo("3");
    assertThat(conf.get("spark.scheduler.minRegisteredResourcesRatio")).isEqualTo("1");
    assertThat(conf.get("a.b")).isEqualTo("c=d");
    assertThat(conf.get("spark.executorEnv.LC_ALL")).isEqualTo("C.UTF-8");
  }

  @Test
  void the_page_has_the_options_of_the_help() {
    Path page = Path.of("../docs/spark.md");
    String help = SparkOptions.help().indent(4).replaceAll("(?m)^ +$", "");
    assertThat(page).content().contains(help);
  }

  @Test
  void resume_is_never_given_twice() {
    String words = "--processes 2 --release r -- train --output o";
    assertThat(parse(words).resumeArguments()).containsExactly("--resume");
    assertThat(parse(words + " --resume").resumeArguments()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--release r -- train | missing: --processes N",
        "--processes 2 -- train | missing: --release DIR",
        "--processes 2 --release r | missing: -- train",
        "--processes 2 --release r -- logps | missing: -- train",
        "--processes 0 | --processes: expected a whole number of at least 1, not 0",
        "--processes two | --processes: expected a whole number of at least 1, not two",
        "--processes | --processes: expected a value",
        "--speed 3 | --speed: unknown option",
        "train --policy p | train: the command of tralign comes after --",
        "--conf ab | --conf: expected NAME=VALUE, not ab",
        "--processes 2 --release r -- train --rank 1 | --rank after --: spark-train chooses it",
        "--processes 2 --release r -- train --config c | missing: --output DIR after --"
      })
  void invalid_options_are_named(String words, String message) {
    assertThatThrownBy(() -> parse(words))
        .isInstanceOf(SparkOptions.InvalidOptionException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void the_help_has_each_option() {
    assertThat(parse("--help").asksHelp()).isTrue();
    assertThat(SparkOptions.help())
        .contains("--master", "--processes", "--spark-jars", "--release", "--folder")
        .contains("--attempts", "--java-options", "--conf", "--ignore-ssl");
  }

  @Test
  void a_cluster_is_required() {
    SparkOptions options = parse("--processes 2 --release r -- sft");
    assertThatThrownBy(() -> options.conf(new SparkConf(false)))
        .hasMessage("missing: --master URL");
  }

  private static SparkOptions parse(String words) {
    return SparkOptions.parse(List.of(words.split(" ")));
  }
}
