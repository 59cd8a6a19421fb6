package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Completions of prompts during a run. */
class SamplesTest {

  @TempDir private Path folder;

  @Test
  void prompts_are_completed_at_start_now_and_then_and_at_the_end() throws IOException {
    Path prompts = Files.writeString(folder.resolve("prompts.txt"), "The cat\nHello <b>you</b>\n");
    Path run = folder.resolve("run");
    Cli.Outcome outcome =
        Cli.run(
            Cli.training(
                "train",
                run,
                "--max-steps",
                5,
                "--learning-rate",
                "1e-3",
                "--sample-prompts",
                prompts,
                "--sample-every",
                2));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    List<JsonNode> rows = TrainTest.lines(run.resolve("samples.jsonl"));
    assertThat(rows)
        .map(it -> it.path("step").asInt() + ":" + it.path("index").asInt())
        .containsExactly("0:0", "0:1", "2:0", "2:1", "4:0", "4:1", "5:0", "5:1");
    assertThat(rows.get(0).path("prompt").asText()).isEqualTo("The cat");
    assertThat(rows.get(0).path("finish").asText()).isIn("stop", "length");
    assertThat(rows.get(0).path("logp").asDouble()).isNegative();

    List<JsonNode> metrics = TrainTest.lines(run.resolve("metrics.jsonl"));
    assertThat(metrics)
        .map(it -> it.has("kl/initial"))
        .containsExactly(false, true, false, true, true);
    assertThat(metrics.get(4).path("kl/initial_error").asDouble()).isPositive();
    assertThat(metrics.get(4).path("samples/length").asDouble()).isBetween(1.0, 128.0);
    assertThat(metrics.get(4).path("samples/ended").asDouble()).isBetween(0.0, 1.0);

    assertThat(run.resolve("report.html"))
        .content()
        .contains("id=\"samples\"", "Hello &lt;b&gt;you&lt;/b&gt;", "step 0", "step 5");
    Path page = folder.resolve("compare.html");
    Path other = folder.resolve("other");
    assertThat(Cli.run(Cli.training("train", other, "--max-steps", 1)).code()).isZero();
    assertThat(Cli.run("compare", run, other, "--output", page).code()).isZero();
    assertThat(page).content().contains("id=\"samples\"", "Hello &lt;b&gt;you&lt;/b&gt;");
  }

  @Test
  void prompts_are_shown_as_they_were_written() throws IOException {
    Path template =
        Files.writeString(
            folder.resolve("template.jinja"),
            "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"
                + "{% if add_generation_prompt %}<assistant>{% endif %}");
    Path prompts =
        Files.writeString(
            folder.resolve("prompts.jsonl"),
            """
            {"prompt": "The cat"}
            {"messages": [{"role": "user", "content": "Hi there"}]}
            {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]}
            """);
    Path run = folder.resolve("run");
    Cli.Outcome outcome =
        Cli.run(
            Cli.training(
                "train",
                run,
                "--max-steps",
                1,
                "--sample-prompts",
                prompts,
                "--chat-template",
                template));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(TrainTest.lines(run.resolve("samples.jsonl")))
        .map(it -> it.path("prompt").asText())
        .startsWith("The cat", "Hi there", "system: Be brief.\nuser: Hi");
  }

  @Test
  void samples_change_nothing_that_is_learned_and_are_kept_when_a_run_is_resumed()
      throws IOException {
    Path prompts = Files.writeString(folder.resolve("prompts.txt"), "The cat\n");
    Path plain = folder.resolve("plain");
    Path sampled = folder.resolve("sampled");
    Path resumed = folder.resolve("resumed");
    Object[] options = {"--max-steps", 4, "--reference", "soft:0.6", "--quiet"};
    Object[] more = {
      "--max-steps",
      4,
      "--reference",
      "soft:0.6",
      "--quiet",
      "--sample-prompts",
      prompts,
      "--sample-every",
      1,
      "--checkpoint-every",
      2
    };
    assertThat(Cli.run(Cli.training("train", plain, options)).code()).isZero();
    assertThat(Cli.run(Cli.training("train", sampled, more)).code()).isZero();
    String weights = "model/model.safetensors";
    assertThat(sampled.resolve(weights)).hasSameBinaryContentAs(plain.resolve(weights));

    more[1] = 2;
    assertThat(Cli.run(Cli.training("train", resumed, more)).code()).isZero();
    Cli.Outcome outcome =
        Cli.run("train", "--resume", "--output", resumed, "--max-steps", 4, "--quiet");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(resumed.resolve("samples.jsonl"))
        .hasSameTextualContentAs(sampled.resolve("samples.jsonl"));
  }

  @Test
  void options_of_samples_require_prompts() {
    Cli.Outcome outcome =
        Cli.run(Cli.training("train", folder.resolve("run"), "--sample-every", 5));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("--sample-every: has no effect without --sample-prompts");
  }
}
