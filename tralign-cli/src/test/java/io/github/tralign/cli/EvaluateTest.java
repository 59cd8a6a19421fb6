package io.github.tralign.cli;

import static io.github.tralign.cli.BadOptionTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.djl.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateTest {

  @TempDir private Path folder;

  @Test
  void a_policy_alone_is_measured_as_transformers_does() throws IOException {
    JsonNode figures = evaluate(Cli.NEOX, "--micro-batch-tokens", 100);
    double logp = 0;
    double correct = 0;
    JsonNode rows = new ObjectMapper().readTree(Cli.LOGPS.toFile()).path("logps").path("neox");
    for (JsonNode row : rows) {
      double chosen = row.path("chosen").path("logp").asDouble();
      logp += chosen / rows.size();
      correct += chosen > row.path("rejected").path("logp").asDouble() ? 1 : 0;
    }
    assertThat(figures.path("logps/chosen").asDouble()).isCloseTo(logp, within(1e-3));
    assertThat(figures.path("accuracy").asDouble()).isEqualTo(correct / rows.size());
    assertThat(figures.path("rows").asInt()).isEqualTo(40);
    assertThat(figures.has("rewards/margins")).isFalse();
  }

  @Test
  void against_itself_a_policy_has_gained_nothing() throws IOException {
    JsonNode figures = evaluate(Cli.NEOX, "--reference", Cli.NEOX);
    for (String name : List.of("rewards/margins", "rewards/accuracies", "logratios/reference")) {
      assertThat(figures.path(name).doubleValue()).as(name).isZero();
    }
    assertThat(figures.path("kl").doubleValue()).isCloseTo(0, within(1e-6));
  }

  /** A run's last probe, on all rows, measures the same against the initial policy. */
  @Test
  void after_a_training_it_agrees_with_the_runs_own_figures() throws IOException {
    Path run = folder.resolve("run");
    Cli.Outcome trained =
        Cli.run(
            "train",
            "--policy",
            Cli.NEOX,
            "--data",
            Cli.ROWS,
            "--output",
            run,
            "--threads",
            1,
            "--max-steps",
            6,
            "--learning-rate",
            "1e-3",
            "--reference",
            "soft:0.5",
            "--beta",
            0.3,
            "--probe-pairs",
            40,
            "--precision",
            "fp32");
    assertThat(trained.code()).as(trained.err()).isZero();
    JsonNode probe = TrainTest.lines(run.resolve("metrics.jsonl")).get(5);
    JsonNode figures = evaluate(run.resolve("model"), "--reference", Cli.NEOX, "--beta", 0.3);
    for (String name : List.of("chosen", "rejected", "margins", "accuracies")) {
      assertThat(figures.path("rewards/" + name).asDouble(Double.NaN))
          .as(name)
          .isCloseTo(probe.path("initial/rewards/" + name).asDouble(), within(1e-4));
    }
    assertThat(figures.path("logratios/reference").asDouble())
        .isCloseTo(probe.path("initial/logratios").asDouble(), within(1e-5));
    assertThat(figures.path("kl").asDouble()).isPositive();
  }

  @Test
  void a_tie_is_no_win() throws IOException {
    Path rows =
        Files.writeString(
            folder.resolve("equal.jsonl"),
            """
            {"prompt": "The sky", "chosen": " is blue today", "rejected": " is blue today"}
            {"prompt": "The sky", "chosen": " is blue", "rejected": " is blue"}
            {"prompt": "Grass and", "chosen": " so on, and on", "rejected": " so on, and on"}
            """);
    Path file = folder.resolve("figures.json");
    Object[] args = {"--data", rows, "--reference", Cli.NEOX, "--output", file, "--quiet"};
    Object[] command = {"evaluate", "--policy", Cli.NEOX, "--threads", 1};
    Cli.Outcome outcome = Cli.run(Stream.concat(Stream.of(command), Stream.of(args)).toArray());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonNode figures = new ObjectMapper().readTree(file.toFile());
    assertThat(figures.path("rows").asInt()).isEqualTo(3);
    assertThat(figures.path("accuracy").doubleValue()).isZero();
    assertThat(figures.path("rewards/accuracies").doubleValue()).isZero();
    assertThat(figures.path("logps/chosen")).isEqualTo(figures.path("logps/rejected"));
  }

  @Test
  void the_table_has_the_figures_of_the_file() throws IOException {
    Cli.Outcome outcome =
        Cli.run("evaluate", "--policy", Cli.NEOX, "--data", Cli.ROWS, "--threads", 1, "--limit", 5);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .containsPattern("logps/chosen +-\\d+\\.\\d{4}")
        .containsPattern("accuracy +[01]\\.\\d{4}");
  }

  @Test
  void a_reference_of_another_family_is_compared_with() throws IOException {
    Path llama = Cli.NEOX.resolveSibling("llama");
    JsonNode figures = evaluate(Cli.NEOX, "--reference", llama);
    JsonNode alone = evaluate(Cli.NEOX);
    JsonNode other = evaluate(llama);
    assertThat(figures.path("logps/chosen")).isEqualTo(alone.path("logps/chosen"));
    double difference =
        alone.path("logps/chosen").doubleValue() - other.path("logps/chosen").doubleValue();
    assertThat(figures.path("rewards/chosen").doubleValue())
        .isCloseTo(0.1 * difference, within(1e-6 * Math.abs(difference)));
    assertThat(figures.path("kl").doubleValue()).isPositive();
  }

  @Test
  void the_order_of_the_figures_does_not_depend_on_the_rows() throws IOException {
    Path rows =
        Files.writeString(
            folder.resolve("mixed.jsonl"),
            """
            {"prompt": "The sky", "completion": " is blue", "label": false}
            {"prompt": "The sky", "completion": " is red", "label": true}
            """);
    Cli.Outcome outcome =
        Cli.run(
            "evaluate",
            "--policy",
            Cli.NEOX,
            "--data",
            rows,
            "--reference",
            Cli.NEOX,
            "--beta",
            0.25,
            "--threads",
            1);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out().lines().map(it -> it.split(" ")[0]))
        .containsExactly(
            "beta",
            "logps/chosen",
            "logps/rejected",
            "logps_per_token/chosen",
            "logps_per_token/rejected",
            "rewards/chosen",
            "rewards/rejected",
            "logratios/reference",
            "kl");
    assertThat(outcome.out()).containsPattern("beta +0.25\\n").doesNotContain("-0.0000");
  }

  @Test
  void what_cannot_be_is_refused() throws IOException {
    assertRefused(Cli.run("evaluate"), "missing: --policy DIR, --data FILE");
    assertRefused(run(Cli.NEOX, "--beta", 1), "--beta: has no effect without --reference");
    assertRefused(run(Cli.NEOX, "--reference", Cli.NEOX, "--beta", 0), "--beta: must be a number");
    assertRefused(run(Cli.NEOX, "--reference", folder), "config.json");
    assertRefused(
        run(Cli.NEOX, "--reference", otherIds()),
        "the id 1 is the token '!!!', but in " + Cli.NEOX + " it is '!'");
    assertRefused(run(Cli.NEOX, "--output", folder), "--output: " + folder + " cannot be written");
  }

  @Test
  void a_reference_that_takes_less_than_the_policy_is_refused_if_a_row_needs_more()
      throws IOException {
    Path shorter = untrained("shorter", "max_position_embeddings", 64);
    assertThat(evaluate(shorter, "--reference", Cli.NEOX).path("kl").isDouble()).isTrue(); // cut
    assertRefused(
        run(Cli.NEOX, "--reference", shorter),
        "tokens, but "
            + shorter
            + " takes at most 64 ("
            + Cli.NEOX
            + ": 512); give --max-length 64, or another --reference");
    evaluate(Cli.NEOX, "--reference", shorter, "--max-length", 64);
    Path fewer = untrained("fewer", "vocab_size", 100);
    assertRefused(
        run(Cli.NEOX, "--reference", fewer),
        fewer + " has 100 token ids, but " + Cli.NEOX + " has 288");
  }

  /** A model like the policy but for a key of its config. */
  private Path untrained(String name, String key, int value) throws IOException {
    Path model = folder.resolve(name);
    ObjectNode config =
        (ObjectNode) new ObjectMapper().readTree(Cli.NEOX.resolve("config.json").toFile());
    RandomCheckpoint.write(model, config.put(key, value), Cli.NEOX, 42);
    return model;
  }

  private JsonNode evaluate(Path policy, Object... more) throws IOException {
    Path file = folder.resolve("figures.json");
    Object[] output = {"--output", file, "--quiet"};
    Cli.Outcome outcome = run(policy, Stream.concat(Stream.of(more), Stream.of(output)).toArray());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out() + outcome.err()).isEmpty();
    return new ObjectMapper().readTree(file.toFile());
  }

  private static Cli.Outcome run(Path policy, Object... more) {
    Object[] args = {"evaluate", "--policy", policy, "--data", Cli.ROWS, "--threads", 1};
    return Cli.run(Stream.concat(Stream.of(args), Stream.of(more)).toArray());
  }

  /** A copy of the model whose tokenizer has another token with the id 1. */
  private Path otherIds() throws IOException {
    Path copy = Files.createDirectory(folder.resolve("other-ids"));
    for (String name : List.of("config.json", "model.safetensors", "tokenizer_config.json")) {
      Files.copy(Cli.NEOX.resolve(name), copy.resolve(name));
    }
    String tokenizer = Files.readString(Cli.NEOX.resolve("tokenizer.json"));
    assertThat(tokenizer).containsPattern("\"!\": ?1,");
    Files.writeString(
        copy.resolve("tokenizer.json"), tokenizer.replaceFirst("\"!\": ?1,", "\"!!!\": 1,"));
    return copy;
  }
}
