package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --beta-lag}, and what a run says of β times the lag of the reference. */
class BetaLagTest {

  @TempDir private Path folder;

  private Cli.Outcome train(Path run, Object... more) {
    return Cli.run(Cli.training("train", run, more));
  }

  private static JsonNode config(Path run) throws IOException {
    return new YAMLMapper().readTree(Files.readString(run.resolve("config.yaml")));
  }

  @Test
  void beta_is_scaled_by_the_lags_and_recorded() throws IOException {
    Path run = folder.resolve("run");
    Cli.Outcome outcome = train(run, "--beta-lag", 0.3, "--reference", "soft:0.6"); // 5 steps
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonNode config = config(run);
    assertThat(config.path("beta").asDouble()).isCloseTo(0.3 * 2.5 / (2 / 3.0), within(1e-12));
    assertThat(config.has("beta-lag")).isFalse();
    assertThat(config.at("/provenance/beta-lag").asDouble()).isEqualTo(0.3);
    assertThat(config.at("/provenance/reference-lag").asDouble()).isCloseTo(2 / 3.0, within(1e-12));
    assertThat(outcome.out())
        .containsSubsequence(
            "Settings", "Reference", "mean lag 0.667 steps; beta times the mean lag 0.75")
        .containsPattern("(?m)^ *beta +1\\.125$");
    assertThat(outcome.err()).doesNotContain("influence");
    assertThat(run.resolve("report.html"))
        .content()
        .doesNotContain("1.1249") // which is computed with
        .contains("beta-lag", "on average 0.667 steps behind", "the reference in steps is 0.75");
  }

  @Test
  void with_a_fixed_reference_it_is_beta_itself() throws IOException {
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    assertThat(train(one, "--beta-lag", 0.2).code()).isZero();
    assertThat(train(two, "--beta", 0.2).code()).isZero();
    assertThat(config(one).path("beta")).isEqualTo(config(two).path("beta"));
    assertThat(config(one).at("/provenance/fingerprint"))
        .isEqualTo(config(two).at("/provenance/fingerprint"));
    assertThat(one.resolve("metrics.csv").toFile().length()).isPositive();
  }

  @Test
  void a_stream_has_the_steps_that_it_was_given() throws IOException {
    Path run = folder.resolve("run");
    Object[] more = {"--beta-lag", 0.1, "--reference", "hard:2", "--stream", "--max-steps", 4};
    assertThat(train(run, more).code()).isZero();
    assertThat(config(run).path("beta").asDouble()).isEqualTo(0.1 * 2 / 0.5);
  }

  @Test
  void a_run_that_is_resumed_or_repeated_keeps_its_beta() throws IOException {
    Path run = folder.resolve("run");
    Object[] more = {
      "--beta-lag", 0.3, "--reference", "soft:0.6", "--max-steps", 2, "--checkpoint-every", 2
    };
    assertThat(train(run, more).code()).isZero();
    double beta = config(run).path("beta").asDouble();
    Cli.Outcome longer = Cli.run("train", "--resume", "--output", run, "--max-steps", 4);
    assertThat(longer.code()).as(longer.err()).isZero();
    assertThat(config(run).path("beta").asDouble()).isEqualTo(beta);
    assertThat(config(run).at("/provenance/beta-lag").asDouble()).isEqualTo(0.3);
    assertThat(config(run).path("max-steps").asInt()).isEqualTo(4);

    Path again = folder.resolve("again");
    Path file = run.resolve("config.yaml");
    assertThat(Cli.run("train", "--config", file, "--output", again).code()).isZero();
    assertThat(config(again).path("beta").asDouble()).isEqualTo(beta);
    Path other = folder.resolve("other"); // the command line wins over the file's beta
    assertThat(Cli.run("train", "--config", file, "--output", other, "--beta-lag", 0.3).code())
        .isZero();
    assertThat(config(other).path("beta").asDouble()).isCloseTo(2 * beta, within(1e-12));
  }

  @Test
  void what_beta_was_made_of_is_forgotten_with_it() throws IOException {
    Path run = folder.resolve("run");
    Object[] more = {
      "--beta-lag", 0.3, "--reference", "soft:0.6", "--max-steps", 2, "--checkpoint-every", 2
    };
    assertThat(train(run, more).code()).isZero();
    Object[] other = {
      "train", "--resume", "--output", run, "--max-steps", 3, "--beta", 0.5, "--resume-anyway"
    };
    assertThat(Cli.run(other).code()).isZero();
    assertThat(config(run).path("beta").asDouble()).isEqualTo(0.5);
    assertThat(config(run).path("provenance").has("beta-lag")).isFalse();
  }

  @Test
  void a_beta_without_influence_is_reported_once_and_not_where_nothing_is_asked() {
    Object[] paper = {"--beta", 0.04, "--reference", "soft:0.6"};
    String warning = "beta has hardly any influence: the reference soft:0.6 is on average";
    Cli.Outcome outcome = train(folder.resolve("run"), paper);
    assertThat(outcome.code()).isZero();
    assertThat(outcome.err()).containsOnlyOnce(warning).contains("below 0.1", "beta = 0.15 has");
    assertThat(train(folder.resolve("fixed"), "--beta", 0.05).err()).doesNotContain("influence");
  }

  @Test
  void help_explains_it() {
    assertThat(Cli.run("train", "--help").out().replaceAll("\\s+", " "))
        .contains("--beta-lag=B", "Instead of --beta: the beta that you would use with a fixed")
        .contains("is beta 75 with soft:0.6", "beta times the mean lag of the reference");
  }
}
