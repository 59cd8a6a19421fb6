package io.github.tralign.cli;

import static io.github.tralign.cli.TrainTest.assertDone;
import static io.github.tralign.cli.TrainTest.fingerprint;
import static io.github.tralign.cli.TrainTest.json;
import static io.github.tralign.cli.TrainTest.lines;
import static io.github.tralign.cli.TrainTest.timeless;
import static io.github.tralign.cli.TrainTest.train;
import static io.github.tralign.cli.TrainTest.trainOn;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each loss, with its settings and modifiers, as {@code train} computes and records it. */
class LossTrainingTest {

  @TempDir private Path folder;

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
        Cli.run(
            trainOn(
                labelled(true, false),
                run,
                "--loss",
                "kto",
                "--beta",
                "0.5",
                "--reference",
                "hard:2"));
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
}
