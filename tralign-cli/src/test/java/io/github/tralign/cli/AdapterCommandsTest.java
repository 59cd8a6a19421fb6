package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.djl.DjlPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LoRA adapters: trained, continued, scored, merged. */
class AdapterCommandsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WEIGHTS = "adapter_model.safetensors";
  private static final String CONFIG = "adapter_config.json";
  private static final String Q = "base_model.model.model.layers.0.self_attn.q_proj";

  @TempDir private Path folder;

  @Test
  void an_adapter_scores_as_the_model_that_it_is_merged_into() throws IOException {
    Cli.Outcome outcome =
        train("run", "--lora-rank", 2, "--reference", "soft:0.1", "--max-steps", 20);
    done(outcome);
    assertThat(outcome.out())
        .containsSubsequence(
            "Adapter\n  1,120 trained numbers in 28 tensors, beside 10,064 frozen numbers",
            "lora-rank              2",
            "lora-alpha             2",
            "lora-targets           all-linear",
            "error of reference   at most ",
            "adapter              " + folder.resolve("run/adapter"))
        .doesNotContain("lora-rslora");
    assertThat(folder.resolve("run/model")).doesNotExist();
    Path adapter = folder.resolve("run/adapter");
    assertThat(adapter.resolve("README.md"))
        .content()
        .contains("library_name: peft", "- tr-dpo\n", "| lora-rank | 2 |", "rows, SHA-256 ")
        .doesNotContain(folder.toString(), Cli.LLAMA.toString());
    Path merged = folder.resolve("merged");
    Cli.Outcome merging =
        Cli.run("merge", "--policy", Cli.LLAMA, "--adapter", adapter, "--output", merged);
    done(merging);
    assertThat(merging.out()).isEqualTo("merged model: " + merged + "\n");
    assertThat(merged.resolve("README.md"))
        .content()
        .contains("library_name: transformers", "## Card of the adapter", "#### Settings");
    double[] plain = logps("plain", Cli.LLAMA);
    double[] ofMerged = logps("merged", merged);
    assertThat(logps("adapted", Cli.LLAMA, "--adapter", adapter))
        .containsExactly(ofMerged, within(1e-6));
    assertThat(Math.abs(ofMerged[0] - plain[0])).isGreaterThan(1e-2);
  }

  @Test
  void rounding_is_reported_and_nothing_is_replaced() {
    Object[] merge = {
      "merge", "--policy", Cli.LLAMA, "--adapter", Cli.ADAPTER, "--save-dtype", "bf16", "--output"
    };
    Object[] first = Stream.concat(Stream.of(merge), Stream.of(folder.resolve("merged"))).toArray();
    Cli.Outcome outcome = Cli.run(first);
    done(outcome);
    assertThat(outcome.out())
        .containsPattern(
            "saved in bf16: \\d+\\.\\d+ % of the changed weights round back to their old values;"
                + " --save-dtype fp32 keeps them");
    assertRefused(Cli.run(first), "--output: ", "is not empty and stays as it is");
    Object[] onto = Stream.concat(Stream.of(merge), Stream.of(Cli.ADAPTER)).toArray();
    assertRefused(Cli.run(onto), "--output: ", "is not empty and stays as it is");
    Object[] into =
        Stream.concat(Stream.of(merge), Stream.of(Cli.ADAPTER.resolve("new"))).toArray();
    assertRefused(Cli.run(into), "--output: ", "which is read as --adapter");
    assertThat(Cli.ADAPTER.resolve("new")).doesNotExist();
    assertRefused(Cli.run("merge", "--policy", Cli.LLAMA), "missing: --adapter DIR, --output DIR");
  }

  /** As if the process had been killed when the run was about to end. */
  @ParameterizedTest
  @ValueSource(strings = {"soft:0.1", "hard:3", "fixed", "soft:0.1:average=factors"})
  void a_run_resumes_with_the_same_bytes(String reference) throws IOException {
    Object[] options = {
      "--lora-rank",
      2,
      "--lora-alpha",
      4,
      "--lora-rslora",
      "--lora-modules-to-save",
      "norm",
      "--max-steps",
      20,
      "--reference"
    };
    done(train("whole", options, reference));
    Object[] often = {"--checkpoint-every", 15};
    done(train("run", options, reference, often));
    Path run = folder.resolve("run");
    byte[] adapter = Files.readAllBytes(run.resolve("adapter").resolve(WEIGHTS));
    String metrics = losses(run);
    Files.delete(run.resolve("summary.json"));
    Files.delete(run.resolve("adapter").resolve(WEIGHTS));
    Cli.Outcome other = Cli.run("train", "--resume", "--output", run, "--lora-alpha", 8);
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err())
        .contains(
            "adapter was rank 2, alpha 4.0, all-linear, rsLoRA, modules to save norm and is rank 2, alpha 8.0");
    Cli.Outcome resumed = Cli.run("train", "--resume", "--output", run);
    done(resumed);
    assertThat(resumed.err()).contains("resuming from " + run.resolve("checkpoints/step-000015"));
    assertThat(run.resolve("adapter").resolve(WEIGHTS))
        .hasBinaryContent(adapter)
        .hasSameBinaryContentAs(folder.resolve("whole/adapter").resolve(WEIGHTS));
    assertThat(losses(run)).isEqualTo(metrics);
  }

  @Test
  void another_adapter_is_reported_or_refused_where_a_run_is_resumed_anyway() throws IOException {
    done(train("run", "--lora-rank", 2, "--max-steps", 4, "--checkpoint-every", 2));
    Path run = folder.resolve("run");
    Files.delete(run.resolve("summary.json"));
    String was = "adapter was rank 2, alpha 2.0, all-linear, LoRA and is ";
    Object[] resume = {"train", "--resume", "--resume-anyway", "--output", run};
    Cli.Outcome other = Cli.run(all(resume, "--lora-rank", 3));
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err())
        .contains(
            was + "rank 3, alpha 2.0, all-linear, LoRA",
            "expected a tensor",
            "of shape [3, 16], found [2, 16]");
    Cli.Outcome fewer = Cli.run(all(resume, "--lora-targets", "q_proj"));
    assertThat(fewer.code()).isEqualTo(2);
    assertThat(fewer.err())
        .contains(
            was + "rank 2, alpha 2.0, q_proj, LoRA",
            "the checkpoint cannot be used with another model");
    Cli.Outcome outcome = Cli.run(all(resume, "--lora-alpha", 8));
    done(outcome);
    assertThat(outcome.err())
        .contains("resumed with a changed setting: " + was + "rank 2, alpha 8.0, all-linear, LoRA");
  }

  @Test
  void an_adapter_is_the_first_reference_of_the_run_that_continues_it() throws IOException {
    done(run("sft", "sft", "--lora-rank", 2, "--lora-targets", "q_proj,v_proj"));
    Path adapter = folder.resolve("sft/adapter");
    done(train("run", "--adapter", adapter, "--reference", "soft:0.6", "--max-steps", 2));
    JsonNode first = TrainTest.lines(folder.resolve("run/metrics.jsonl")).get(0);
    assertThat(first.path("loss").asDouble()).isEqualTo(Math.log(2));
    JsonNode config = JSON.readTree(folder.resolve("run/adapter").resolve(CONFIG).toFile());
    assertThat(config.path("target_modules").toString()).isEqualTo("[\"q_proj\",\"v_proj\"]");
    assertThat(folder.resolve("run/config.yaml"))
        .content()
        .contains("adapter: " + adapter, WEIGHTS + ": ")
        .doesNotContain("lora-");
  }

  @Test
  void the_targets_are_names_or_an_expression() throws IOException {
    done(train("run", "--lora-rank", 1, "--max-steps", 1, "--lora-targets", ".*layers\\.1.*_proj"));
    try (DjlPolicy policy =
        DjlPolicy.from(Cli.LLAMA).adapter(folder.resolve("run/adapter")).load()) {
      assertThat(policy.weights()).hasSize(7).allMatch(it -> it.startsWith("model.layers.1."));
    }
  }

  @Test
  void an_adapted_policy_is_evaluated_against_its_base() throws IOException {
    Path file = folder.resolve("figures.json");
    done(
        Cli.run(
            "evaluate",
            "--policy",
            Cli.LLAMA,
            "--adapter",
            Cli.ADAPTER,
            "--reference",
            Cli.LLAMA,
            "--threads",
            1,
            "--data",
            Cli.ROWS,
            "--output",
            file));
    JsonNode figures = JSON.readTree(file.toFile());
    assertThat(figures.path("adapter").asText()).isEqualTo(Cli.ADAPTER.toString());
    assertThat(figures.path("kl").asDouble()).isGreaterThan(1e-4);
  }

  @Test
  void patterns_of_parameters_are_for_those_of_the_adapter() {
    done(train("run", "--lora-rank", 2, "--seed", 7, "--max-steps", 3, "--freeze", "*lora_A*"));
    done(train("start", "--lora-rank", 2, "--seed", 7, "--max-steps", 1, "--learning-rate", 0));
    assertThat(values("run", Q + ".lora_A.weight"))
        .containsExactly(values("start", Q + ".lora_A.weight"));
    assertThat(Arrays.stream(values("start", Q + ".lora_B.weight"))).containsOnly(0.0);
    assertThat(Arrays.stream(values("run", Q + ".lora_B.weight"))).doesNotContain(0.0);
    assertRefused(
        train("bad", "--lora-rank", 2, "--freeze", "model.layers.0.self_attn.q_proj.weight"),
        "--freeze: no parameter matches 'model.layers.0.self_attn.q_proj.weight'",
        Q + ".lora_A.weight");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --lora-rank 0                       | --lora-rank: the rank must be at least 1, not 0
          --lora-rank 2 --lora-alpha 0        | --lora-alpha: alpha must be a finite number > 0
          --lora-rank 10000000                | --lora-rank: the adapter's rank is 10000000; expected at most
          --lora-rank 2 --lora-alpha 1e39     | --lora-alpha: the adapter's alpha is 1.0E39
          --lora-alpha 2                      | --lora-alpha: has no effect without --lora-rank
          --lora-targets q_proj               | --lora-targets: has no effect without --lora-rank
          --lora-rank 2 --lora-modules-to-save norms | --lora-modules-to-save: the adapter's modulesToSave is ["norms"]; expected names
          --lora-rank 2 --lora-modules-to-save lm_head | --lora-modules-to-save: the adapter's modulesToSave is ["lm_head"]; expected neither
          --lora-modules-to-save norm         | --lora-modules-to-save: has no effect without --lora-rank
          --lora-rslora                       | --lora-rslora: has no effect without --lora-rank
          --lora-rank 2 --save-dtype bf16     | --save-dtype: cannot be used with an adapter
          --lora-rank 2 --adapter none        | --adapter: cannot be used with --lora-rank
          --lora-rank 2 --lora-targets q_prj  | --lora-targets: the adapter's targets is ["q_prj"]; expected
          --lora-rank 2 --lora-targets (      | --lora-targets: the adapter's targets is "("; expected a valid regular expression
          --adapter none                      | none: no such adapter folder
          --base-precision bf16               | --base-precision: has no effect without --lora-rank or --adapter
          --reference soft:0.6:average=factors | --reference: soft:0.6:average=factors requires an adapter
          """)
  void what_cannot_be_is_refused(String options, String message) {
    Object[] more = options.split(" ");
    assertRefused(train("run", more), message);
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "logps", "merge"})
  void a_bad_adapter_is_refused_by_file_and_key(String command) throws IOException {
    ObjectNode config = (ObjectNode) JSON.readTree(Cli.ADAPTER.resolve(CONFIG).toFile());
    byte[] weights = Files.readAllBytes(Cli.ADAPTER.resolve(WEIGHTS));
    byte[] notFinite = weights.clone();
    Arrays.fill(notFinite, weights.length - 4, weights.length, (byte) 0xFF);
    refused(command, config.deepCopy().put("r", 5), weights, WEIGHTS, "of shape [5, 16]");
    refused(command, config.deepCopy().put("use_dora", true), weights, CONFIG, "'use_dora'");
    refused(command, config.deepCopy().put("tomorrow", 1), weights, CONFIG, "'tomorrow'");
    refused(command, config, notFinite, WEIGHTS, "lora_", "NaN");
    refused(command, config, Arrays.copyOf(weights, 1000), WEIGHTS);
  }

  private void refused(String command, ObjectNode config, byte[] weights, String... messages)
      throws IOException {
    Path adapter = Files.createDirectories(folder.resolve("adapter"));
    JSON.writeValue(adapter.resolve(CONFIG).toFile(), config);
    Files.write(adapter.resolve(WEIGHTS), weights);
    Path output = folder.resolve("output");
    Object[] read = {command, "--policy", Cli.LLAMA, "--adapter", adapter, "--output", output};
    Object[] rows = command.equals("merge") ? new Object[0] : new Object[] {"--data", Cli.ROWS};
    assertRefused(Cli.run(all(read, rows)), messages);
    assertThat(output).doesNotExist();
  }

  private Cli.Outcome train(String output, Object... more) {
    return run("train", output, more);
  }

  private Cli.Outcome run(String command, String output, Object... more) {
    return Cli.run(
        all(
            command,
            "--policy",
            Cli.LLAMA,
            "--data",
            Cli.ROWS,
            "--output",
            folder.resolve(output),
            "--threads",
            1,
            "--batch-size",
            4,
            all(more).length > 0 && List.of(all(more)).contains("--learning-rate")
                ? new Object[0]
                : new Object[] {"--learning-rate", "1e-2"},
            more));
  }

  /** The arguments, and those in arrays among them. */
  private static Object[] all(Object... parts) {
    return Stream.of(parts)
        .flatMap(it -> it instanceof Object[] several ? Stream.of(all(several)) : Stream.of(it))
        .toArray();
  }

  private double[] logps(String name, Path policy, Object... more) throws IOException {
    Path file = folder.resolve(name + ".jsonl");
    Object[] logps = {"logps", "--policy", policy, "--data", Cli.ROWS, "--output", file};
    done(Cli.run(all(logps, "--threads", 1, more)));
    return TrainTest.lines(file).stream()
        .flatMap(it -> Stream.of(it.path("chosen"), it.path("rejected")))
        .mapToDouble(it -> it.path("logp").asDouble())
        .toArray();
  }

  private double[] values(String run, String parameter) {
    try (DjlPolicy policy =
        DjlPolicy.from(Cli.LLAMA).adapter(folder.resolve(run).resolve("adapter")).load()) {
      return policy.values(parameter);
    }
  }

  private static String losses(Path run) throws IOException {
    return TrainTest.lines(run.resolve("metrics.jsonl")).stream()
        .map(it -> ((ObjectNode) it).without("pairs_per_second").toString())
        .toList()
        .toString();
  }

  private static void assertRefused(Cli.Outcome outcome, String... messages) {
    for (String message : messages) {
      BadOptionTest.assertRefused(outcome, message);
    }
  }

  private static void done(Cli.Outcome outcome) {
    assertThat(outcome.code()).as(outcome.err()).isZero();
  }
}
