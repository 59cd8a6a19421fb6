package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "fixed, 0",
    "soft:0.6, 0.6",
    "hard:2, 1",
    "mixed:0.6:2, 0.6",
    "hard:0.4epoch, 1",
    "soft:0.6:warmup=8, 0.3",
    "hard:2:from=5, 0",
    "distance:1e-9:alpha=0.25:min-steps=2, 0.25"
  })
  void a_run_leaves_its_metrics_summary_and_model(String reference, double weight)
      throws IOException {
    Path run = folder.resolve("run");
    assertDone(Cli.run(train(run, "--reference", reference)));

    List<JsonNode> metrics = lines(run.resolve("metrics.jsonl"));
    assertThat(metrics).extracting(it -> it.path("step").asInt()).containsExactly(1, 2, 3, 4);
    assertThat(metrics)
        .allSatisfy(it -> assertThat(it.fieldNames()).toIterable().contains("loss", "grad_norm"));
    assertThat(metrics.get(3).path("reference/weight").asDouble()).isEqualTo(weight);
    assertThat(metrics.get(3).path("initial/rewards/margins").isDouble()).isTrue();
    assertThat(metrics.get(3).path("num_tokens").isIntegralNumber()).isTrue();

    JsonNode summary = json(run.resolve("summary.json"));
    assertThat(summary.path("seconds").fieldNames())
        .toIterable()
        .containsExactly("load", "reference_scoring", "training", "evaluation", "save");
    assertThat(run.resolve("report.html")).content().contains("Reward margins", "loss");
    assertThat(run.resolve("metrics.csv")).content().hasLineCount(5);
    assertThat(summary.path("pairs").asInt()).isEqualTo(16);
    assertThat(summary.path("tokens")).isEqualTo(metrics.get(3).path("num_tokens"));

    Path scores = folder.resolve("scores.jsonl");
    assertDone(
        Cli.run("logps", "--policy", run.resolve("model"), "--data", Cli.ROWS, "--output", scores));
    assertThat(lines(scores)).hasSize(40);
  }

  @ParameterizedTest
  @EnumSource(LossKind.class)
  void each_loss_trains_with_its_own_settings(LossKind loss) throws IOException {
    Path run = folder.resolve("run");
    assertDone(Cli.run(trainOn(judgedPairs(), run, "--loss", loss)));
    JsonNode config = new YAMLMapper().readTree(run.resolve("config.yaml").toFile());
    assertThat(config.path("loss").asText()).isEqualTo(loss.toString());
    loss.defaults.forEach(
        (option, value) ->
            assertThat(config.path(option.substring(2)).asText()).isEqualTo(value.toString()));
    for (String option : LossSettings.options()) {
      assertThat(config.has(option.substring(2))).isEqualTo(loss.defaults.containsKey(option));
    }
    assertThat(lines(run.resolve("metrics.jsonl")))
        .hasSize(4)
        .allSatisfy(it -> assertThat(it.path("loss").isDouble()).isTrue());
  }

  @Test
  void labelled_rows_are_trained_on_with_kto() throws IOException {
    Path run = folder.resolve("run");
    Cli.Outcome outcome =
        Cli.run(trainOn(labelled(true, false), run, "--loss", "kto", "--reference", "hard:2"));
    assertDone(outcome);
    assertThat(outcome.out()).contains("completions/s").doesNotContain("split into two");
    assertThat(outcome.err()).doesNotContain("warning");
    List<JsonNode> metrics = lines(run.resolve("metrics.jsonl"));
    assertThat(metrics.get(0).path("loss").asDouble()).isEqualTo(0.5);
    assertThat(metrics.get(3).path("kl").isDouble()).isTrue();
    assertThat(metrics.get(3).has("rewards/accuracies")).isFalse();
  }

  /** A batch without completions of the one kind has no margin to show. */
  @Test
  void desirable_rows_alone_are_trained_on_with_kto() throws IOException {
    Path run = folder.resolve("run");
    Cli.Outcome outcome = Cli.run(trainOn(labelled(true), run, "--loss", "kto"));
    assertDone(outcome);
    assertThat(outcome.err()).contains("4/4 loss ").doesNotContain("margin");
    assertThat(lines(run.resolve("metrics.jsonl")).get(0).has("rewards/chosen")).isTrue();
  }

  @Test
  void pairs_are_taken_apart_for_a_loss_on_labelled_completions() throws IOException {
    Path run = folder.resolve("run");
    Cli.Outcome outcome = Cli.run(train(run, "--loss", "kto", "--limit", 10));
    assertDone(outcome);
    assertThat(outcome.out())
        .contains("kto reads single completions: each pair is split into two; 20 rows in total");
    assertThat(json(run.resolve("summary.json")).path("pairs").asInt()).isEqualTo(16);
  }

  @Test
  void a_loss_without_a_reference_shows_and_keeps_none() throws IOException {
    Path run = folder.resolve("run");
    Cli.Outcome outcome = Cli.run(train(run, "--loss", "simpo", "--gamma", 1));
    assertDone(outcome);
    assertThat(outcome.out()).contains("reward margin").doesNotContain("current reference");
    JsonNode config = new YAMLMapper().readTree(run.resolve("config.yaml").toFile());
    assertThat(config.path("gamma").asDouble()).isEqualTo(1);
    assertThat(config.has("reference")).isFalse();
    assertThat(lines(run.resolve("metrics.jsonl")).get(3).has("logratios/reference")).isFalse();
    Path again = folder.resolve("again");
    assertDone(Cli.run("train", "--config", run.resolve("config.yaml"), "--output", again));
    assertThat(fingerprint(again)).isEqualTo(fingerprint(run));
  }

  /** The first step of Adam moves each weight by the learning rate. */
  @Test
  void a_model_with_weights_too_large_for_the_type_is_saved_in_fp32() throws IOException {
    Path run = folder.resolve("run");
    Cli.Outcome outcome =
        Cli.run(
            "train",
            "--policy",
            Cli.NEOX,
            "--data",
            Cli.ROWS,
            "--output",
            run,
            "--max-steps",
            1,
            "--batch-size",
            4,
            "--learning-rate",
            1e5,
            "--save-dtype",
            "fp16");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.err())
        .contains("is saved in fp32, not as --save-dtype says", "too large for the type F16");
    assertThat(run.resolve("model/config.json")).content().contains("\"float32\"");
  }

  @Test
  void the_model_is_saved_in_the_type_that_is_asked_for_and_trained_in_fp32() throws IOException {
    Path run = folder.resolve("run");
    Path plain = folder.resolve("plain");
    assertDone(Cli.run(train(run, "--save-dtype", "bf16", "--checkpoint-every", 2)));
    assertDone(Cli.run(train(plain, "--checkpoint-every", 2)));
    assertThat(run.resolve("config.yaml")).content().contains("save-dtype: bf16");
    assertThat(plain.resolve("config.yaml")).content().contains("save-dtype: source");
    assertThat(plain.resolve("model/config.json")).content().contains("\"float32\"");
    assertThat(json(plain.resolve("summary.json")).has("rounding")).isFalse();
    assertThat(run.resolve("model/config.json")).content().contains("\"bfloat16\"");
    assertThat(Files.size(run.resolve("model/model.safetensors")))
        .isLessThan(Files.size(plain.resolve("model/model.safetensors")) * 6 / 10);
    assertThat(run.resolve("checkpoints/step-000004/policy/weights.safetensors"))
        .hasSameBinaryContentAs(
            plain.resolve("checkpoints/step-000004/policy/weights.safetensors"));
    Cli.Outcome refused = Cli.run(train(folder.resolve("other"), "--save-dtype", "fp8"));
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("--save-dtype", "fp32, bf16, fp16");
  }

  @Test
  void a_model_in_16_bits_stays_in_them_and_what_that_loses_is_shown() throws IOException {
    Path first = folder.resolve("first");
    assertDone(Cli.run(train(first, "--save-dtype", "bf16")));
    Path run = folder.resolve("run");
    Cli.Outcome outcome = Cli.run(sft(first.resolve("model"), run));
    assertDone(outcome);
    assertThat(run.resolve("model/config.json")).content().contains("\"bfloat16\"");
    assertThat(outcome.out())
        .containsPattern(
            "Saved in bf16, the type of the model that was read: \\d+\\.\\d+ % of the changed"
                + " weights round back to their old values; --save-dtype fp32 keeps them\\.\n$");
    JsonNode rounding = json(run.resolve("summary.json")).path("rounding");
    assertThat(rounding.path("types").asText()).isEqualTo("bf16");
    assertThat(rounding.path("rounded_back").asLong())
        .isBetween(1L, rounding.path("changed_weights").asLong() - 1);
    Path exact = folder.resolve("exact");
    Cli.Outcome kept = Cli.run(sft(first.resolve("model"), exact, "--save-dtype", "fp32"));
    assertDone(kept);
    assertThat(kept.out()).doesNotContain("round back");
    assertThat(exact.resolve("model/config.json")).content().contains("\"float32\"");
  }

  private static Object[] sft(Path model, Path output, Object... more) {
    Object[] common = {
      "sft",
      "--policy",
      model,
      "--data",
      Cli.ROWS,
      "--output",
      output,
      "--max-steps",
      1,
      "--batch-size",
      4,
      "--learning-rate",
      "1e-5"
    };
    return Stream.of(common, more).flatMap(Stream::of).toArray();
  }

  @Test
  void imitation_has_no_rewards() throws IOException {
    Path run = folder.resolve("run");
    Cli.Outcome outcome = Cli.run(train(run, "--loss", "sft"));
    assertDone(outcome);
    assertThat(outcome.out()).doesNotContain("reward margin").doesNotContain("accuracy");
    assertThat(outcome.err()).doesNotContain("margin");
    assertThat(lines(run.resolve("metrics.jsonl")))
        .allSatisfy(
            it ->
                assertThat(it.fieldNames())
                    .toIterable()
                    .contains("logps/chosen", "logps/rejected")
                    .noneMatch(name -> name.contains("rewards/")));
    Cli.Outcome refused =
        Cli.run(
            train(
                folder.resolve("other"),
                "--loss",
                "sft",
                "--eval-data",
                Cli.ROWS,
                "--best-metric",
                "eval_rewards/margins"));
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .contains(
            "--best-metric: the loss sft has no rewards, so there is no eval_rewards/margins");
  }

  @Test
  void a_weighted_sft_term_is_added_to_any_loss_on_pairs() throws IOException {
    Path run = folder.resolve("run");
    assertDone(Cli.run(train(run, "--loss", "ipo", "--beta", 0.5, "--sft-weight", 0.2)));
    JsonNode first = lines(run.resolve("metrics.jsonl")).get(0);
    assertThat(first.path("loss/ipo").asDouble()).isEqualTo(1);
    assertThat(first.path("loss").asDouble())
        .isCloseTo(1 + 0.2 * first.path("loss/sft").asDouble(), within(1e-12));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--wpo",
        "--wpo=clamped --sft-weight 0.5",
        "--divergence alpha:0.3 --wpo",
        "--divergence forward-kl --ld-alpha 0.5",
        "--reference-free --ld-alpha 0.5"
      })
  void modifiers_are_recorded_and_read_again(String options) throws IOException {
    Path run = folder.resolve("run");
    Path again = folder.resolve("again");
    assertDone(Cli.run(train(run, (Object[]) options.split(" "))));
    assertDone(Cli.run("train", "--config", run.resolve("config.yaml"), "--output", again));
    assertThat(timeless(again)).isEqualTo(timeless(run));
    Path plain = folder.resolve("plain");
    assertDone(Cli.run(train(plain)));
    assertThat(fingerprint(again)).isEqualTo(fingerprint(run)).isNotEqualTo(fingerprint(plain));
    assertThat(timeless(again)).isNotEqualTo(timeless(plain));
  }

  @Test
  void what_does_not_suit_the_data_is_warned_of_and_trained_all_the_same() throws IOException {
    Path run = folder.resolve("run");
    Cli.Outcome outcome = Cli.run(train(run, "--loss", "kto", "--undesirable-weight", 3));
    assertDone(outcome);
    assertThat(outcome.err())
        .contains("warning: kto: desirable completions count 0.333 times as much");
    assertThat(lines(run.resolve("metrics.jsonl")))
        .hasSize(4)
        .allSatisfy(it -> assertThat(it.path("kl").asDouble(-1)).isNotNegative());
  }

  @Test
  void a_run_shows_its_data_settings_progress_and_result() throws Exception {
    Cli.Outcome outcome = Cli.process(folder, train(folder.resolve("run"), "--limit", 10));
    assertDone(outcome);
    assertThat(outcome.out())
        .containsSubsequence("Data", "10 of 10 rows used", "Settings", "beta", "Result", "loss");
    assertThat(outcome.err())
        .containsSubsequence("loading", "tokenizing", "scoring the reference", "training", "saving")
        .contains("4/4 loss ");
  }

  @Test
  void a_run_can_be_repeated_from_its_configuration_bit_for_bit() throws Exception {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    assertDone(Cli.process(folder, train(first, "--reference", "soft:0.6")));
    Path config = first.resolve("config.yaml");
    assertDone(Cli.process(folder, "train", "--config", config, "--output", second, "--quiet"));

    assertThat(timeless(second)).isEqualTo(timeless(first));
    assertThat(second.resolve("model/model.safetensors"))
        .hasSameBinaryContentAs(first.resolve("model/model.safetensors"));
    assertThat(fingerprint(second)).isEqualTo(fingerprint(first));
  }

  @Test
  void events_for_tensorboard_are_written_where_they_are_asked_for() {
    Path run = folder.resolve("run");
    assertDone(Cli.run(train(run, "--tensorboard")));
    assertThat(run.resolve("tensorboard")).isDirectoryContaining("glob:**events.out.tfevents.*");
    Path without = folder.resolve("without");
    assertDone(Cli.run(train(without)));
    assertThat(without.resolve("tensorboard")).doesNotExist();
  }

  @Test
  void the_learning_rate_may_warm_up_over_a_share_and_end_above_zero() throws IOException {
    Path run = folder.resolve("run");
    String[] options = {
      "--schedule", "linear", "--warmup-ratio", "0.25", "--min-learning-rate", "4e-4"
    };
    assertDone(Cli.run(train(run, (Object[]) options)));
    assertThat(lines(run.resolve("metrics.jsonl")))
        .extracting(it -> (double) Math.round(1e6 * it.path("learning_rate").asDouble()) / 1e6)
        .containsExactly(0.0, 1e-3, 8e-4, 6e-4);
  }

  @Test
  void quiet_runs_say_nothing() {
    Cli.Outcome outcome = Cli.run(train(folder.resolve("run"), "--quiet"));
    assertDone(outcome);
    assertThat(outcome.out() + outcome.err()).isEmpty();
  }

  /** A weight that fp32 cannot hold: the gradient of its batch, the second, is not finite. */
  private Path oneBrokenRow() throws IOException {
    List<String> rows = new ArrayList<>();
    for (JsonNode row : lines(Cli.ROWS).subList(0, 16)) {
      rows.add(((ObjectNode) row).put("weight", rows.size() == 5 ? 1e300 : 1).toString());
    }
    return Files.write(folder.resolve("weighted.jsonl"), rows);
  }

  @Test
  void a_step_that_is_not_finite_ends_the_run_or_is_skipped_and_counted() throws IOException {
    Path run = folder.resolve("run");
    Path data = oneBrokenRow();
    Cli.Outcome stopped = Cli.run(trainOn(data, run, "--shuffle", "false", "--quiet"));
    assertThat(stopped.code()).isEqualTo(1);
    assertThat(stopped.err()).contains("the gradient norm of step 2 is ", "weighted.jsonl:6");

    Path other = folder.resolve("other");
    Cli.Outcome outcome =
        Cli.run(
            trainOn(
                data, other, "--shuffle", "false", "--on-nan", "skip", "--checkpoint-every", 2));
    assertDone(outcome);
    assertThat(outcome.err())
        .contains("warning: skipped: the gradient norm of step 2 is ", "weighted.jsonl:6");
    assertThat(outcome.out()).containsPattern("skipped +1 step ");
    List<JsonNode> metrics = lines(other.resolve("metrics.jsonl"));
    assertThat(metrics)
        .extracting(it -> it.has("grad_norm"))
        .containsExactly(true, false, true, true);
    assertThat(metrics)
        .extracting(it -> it.path("num_skipped_steps").asInt())
        .containsExactly(0, 1, 1, 1);
    assertThat(json(other.resolve("summary.json")).path("skipped_steps").asInt()).isEqualTo(1);
    assertThat(other.resolve("report.html")).content().contains("1 of 4 steps were skipped");

    Files.delete(other.resolve("summary.json"));
    List<JsonNode> whole = timeless(other);
    assertDone(Cli.run("train", "--resume", "--output", other));
    assertThat(timeless(other)).isEqualTo(whole);
    assertThat(json(other.resolve("summary.json")).path("skipped_steps").asInt()).isEqualTo(1);
  }

  @Test
  void a_refusal_in_a_process_of_its_own_is_one_line_and_exit_code_2() throws Exception {
    Cli.Outcome outcome = Cli.process(folder, train(folder.resolve("run"), "--bta", 1));
    BadOptionTest.assertRefused(outcome, "unknown option --bta; did you mean --beta?");
    assertThat(outcome.err().lines()).hasSize(1);
  }

  private static Object[] train(Path output, Object... more) {
    return trainOn(Cli.ROWS, output, more);
  }

  private static Object[] trainOn(Path data, Path output, Object... more) {
    Object[] args = {
      "train",
      "--policy",
      Cli.NEOX,
      "--data",
      data,
      "--output",
      output,
      "--max-steps",
      4,
      "--batch-size",
      4,
      "--learning-rate",
      "1e-3",
      "--threads",
      1
    };
    return Stream.concat(Stream.of(args), Stream.of(more)).toArray();
  }

  /** The pairs with margins and win probabilities, for the losses that need them. */
  private Path judgedPairs() throws IOException {
    List<String> rows = new ArrayList<>();
    for (JsonNode row : lines(Cli.ROWS)) {
      rows.add(((ObjectNode) row).put("margin", 1.5).put("win_probability", 0.9).toString());
    }
    return Files.write(folder.resolve("judged.jsonl"), rows);
  }

  /** The chosen completions, with these labels in turn. */
  private Path labelled(Boolean... labels) throws IOException {
    List<String> rows = new ArrayList<>();
    for (JsonNode row : lines(Cli.ROWS)) {
      ObjectNode labelled = new ObjectMapper().createObjectNode();
      labelled.set("prompt", row.get("prompt"));
      labelled.set("completion", row.get("chosen"));
      rows.add(labelled.put("label", labels[rows.size() % labels.length]).toString());
    }
    return Files.write(folder.resolve("labelled.jsonl"), rows);
  }

  private static void assertDone(Cli.Outcome outcome) {
    assertThat(outcome.code()).as(outcome.err()).isZero();
  }

  /** The metrics without what depends on the clock. */
  private static List<JsonNode> timeless(Path run) throws IOException {
    List<JsonNode> metrics = lines(run.resolve("metrics.jsonl"));
    metrics.forEach(line -> ((ObjectNode) line).remove("pairs_per_second"));
    return metrics;
  }

  private static String fingerprint(Path run) throws IOException {
    JsonNode config = new YAMLMapper().readTree(run.resolve("config.yaml").toFile());
    return config.path("provenance").path("fingerprint").asText();
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  static List<JsonNode> lines(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }
}
