package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.tralign.djl.distributed.MeetingPoint;
import io.github.tralign.djl.kernel.PyTorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that several processes run together: this one, and those that it starts. */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "x86_64"})
class ProcessesTest {

  @TempDir private Path folder;

  @AfterEach
  void no_process_is_left_behind() {
    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void two_train_as_one_and_twice_the_same() throws IOException {
    List<JsonNode> alone = metrics(train("train", "alone"));
    Path both = train("train", "both", "--processes", 2);
    List<JsonNode> together = metrics(both);
    assertThat(together).hasSameSizeAs(alone).hasSize(4);
    for (int i = 0; i < alone.size(); i++) {
      double loss = alone.get(i).path("loss").asDouble();
      assertThat(together.get(i).path("loss").asDouble()).isCloseTo(loss, within(1e-5 * loss));
      assertThat(together.get(i).path("num_tokens")).isEqualTo(alone.get(i).path("num_tokens"));
    }
    assertThat(new YAMLMapper().readTree(both.resolve("config.yaml").toFile()).path("processes"))
        .hasToString("2");
    assertThat(TrainTest.json(both.resolve("summary.json")).path("processes")).hasToString("2");

    Path again =
        train("train", "again", "--config", both.resolve("config.yaml"), "--shard-moments", false);
    assertThat(weights(again)).hasSameBinaryContentAs(weights(both));
  }

  @Test
  void a_run_of_two_is_resumed_by_one_and_again_by_two() throws IOException {
    Object[] given = {
      "--reference",
      "soft:0.6",
      "--shard-moments",
      false,
      "--collective-timeout",
      "2m",
      "--collectives",
      "gloo"
    };
    Path run = train("train", "run", with(given, "--processes", 2, "--checkpoint-every", 2));
    for (int processes : List.of(1, 2)) {
      Files.delete(run.resolve("summary.json"));
      int steps = metrics(run).size() + 2;
      Object[] resume = {"train", "--resume", "--output", run, "--processes", processes};
      Cli.Outcome changed = Cli.run(with(resume, "--max-steps", steps));
      assertThat(changed.code()).isEqualTo(2);
      assertThat(changed.err())
          .contains("processes was " + (3 - processes) + " and is " + processes);
      Cli.Outcome outcome = Cli.run(with(resume, "--max-steps", steps, "--resume-anyway"));
      assertThat(outcome.code()).as(outcome.err()).isZero();
      assertThat(metrics(run)).hasSize(steps);
      assertThat(run.resolve("config.yaml"))
          .content()
          .contains("processes: " + processes, "shard-moments: false", "collective-timeout: 120s");
    }
  }

  /** Only the engine knows of it when it differs. */
  @Test
  void moments_are_divided_as_the_option_says() throws Exception {
    Path run = folder.resolve("run");
    Process other = startFirst(run);
    Cli.Outcome outcome = Cli.run(with(second(run), "--shard-moments", false));
    assertThat(outcome.err()).contains("shardMoments is true on 1 of 2 processes");
    assertThat(other.waitFor()).isEqualTo(1);
    assertThat(folder.resolve("stderr")).content().contains("shardMoments is true on 1 of 2");
  }

  @Test
  @Tag("nightly")
  void two_fine_tune_as_one() throws IOException {
    List<JsonNode> alone = metrics(train("sft", "alone"));
    List<JsonNode> together = metrics(train("sft", "both", "--processes", 2));
    double loss = alone.get(3).path("loss").asDouble();
    assertThat(together.get(3).path("loss").asDouble()).isCloseTo(loss, within(1e-5 * loss));
  }

  @Test
  @Tag("nightly")
  void scores_and_measurements_are_those_of_one_bit_for_bit() throws IOException {
    for (int n : List.of(1, 2)) {
      Object[] common = {
        "--policy", Cli.NEOX, "--data", Cli.ROWS, "--threads", 1, "--micro-batch-tokens", 300
      };
      done(common, "logps", "--output", folder.resolve("logps" + n), "--processes", n);
      done(
          common,
          "evaluate",
          "--reference",
          Cli.NEOX,
          "--output",
          folder.resolve("evaluate" + n),
          "--processes",
          n);
    }
    assertThat(folder.resolve("logps2")).hasSameBinaryContentAs(folder.resolve("logps1"));
    assertThat(folder.resolve("evaluate2")).hasSameBinaryContentAs(folder.resolve("evaluate1"));
  }

  @Test
  @Tag("nightly")
  void completions_are_those_of_one_also_after_a_kill() throws Exception {
    Path prompts = folder.resolve("prompts.txt");
    Files.writeString(prompts, "The cat\nHello, you\nA\n".repeat(30));
    Object[] common = {
      "--policy",
      Cli.LLAMA,
      "--prompts",
      prompts,
      "--threads",
      1,
      "--max-new-tokens",
      40,
      "--temperature",
      1,
      "--samples",
      2,
      "--cache-tokens",
      600,
      "--logps"
    };
    Path alone = folder.resolve("alone");
    done(common, "generate", "--output", alone);

    Path both = folder.resolve("both");
    Object[] command = {"generate", "--output", both, "--processes", 2};
    Process first = Cli.start(folder, with(command, common));
    Path partial = folder.resolve("both.partial");
    while (first.isAlive() && !(Files.exists(partial) && Files.size(partial) > 1000)) {
      first.waitFor(1, TimeUnit.MILLISECONDS);
    }
    first.children().forEach(ProcessHandle::destroyForcibly);
    assertThat(first.waitFor()).isEqualTo(1);
    assertThat(partial).exists();
    done(common, "generate", "--output", both, "--processes", 2);
    assertThat(both).hasSameBinaryContentAs(alone).content().hasLineCount(180);
  }

  @Test
  @Tag("nightly")
  void processes_that_are_started_one_by_one_meet() throws Exception {
    Path run = folder.resolve("run");
    Process other = startFirst(run);
    Cli.Outcome outcome = Cli.run(second(run));
    assertThat(outcome).isEqualTo(new Cli.Outcome(0, "", ""));
    assertThat(other.waitFor()).as(Files.readString(folder.resolve("stderr"))).isZero();
    assertThat(run.resolve("config.yaml"))
        .content()
        .contains("processes: 2")
        .doesNotContain("rank:", "world:", "meet:");
    assertThat(metrics(run)).hasSize(2);
  }

  @Test
  void what_is_wrong_with_the_data_is_said_once() throws IOException {
    Path data = Files.writeString(folder.resolve("bad.jsonl"), "{\"prompt\": \"a\"}\n");
    Cli.Outcome outcome =
        Cli.run(
            "train",
            "--policy",
            Cli.NEOX,
            "--data",
            data,
            "--output",
            folder.resolve("run"),
            "--processes",
            2,
            "--threads",
            1);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).containsOnlyOnce("tralign: ").contains("bad.jsonl:1: ");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--processes 0 | --processes: must be in [1, ",
        "--processes 2 --rank 0 --world 2 | --processes: cannot be used with --rank",
        "--rank 2 --world 2 --meet host:1 | --rank: must be in [0, 1] with --world 2, not 2",
        "--rank 0 | --rank: needs --world",
        "--rank 0 --world 2 | --rank: needs --meet HOST:PORT",
        "--world 2 | --world: needs --rank",
        "--meet host:1 | --meet: needs --rank",
        "--rank 0 --world 0 --meet host:1 | --world: must be at least 1, not 0",
        "--rank 0 --world 2 --meet host | --meet: 'host' is not HOST:PORT",
        "--rank 0 --world 2 --meet host:0 | --meet: the port must be in [1, 65535], not 0",
        "--rank 1 --world 2 --meet host:1 --meet-file f | --meet-file: is for --rank 0",
        "--collective-timeout 5m | --collective-timeout: has no effect without --processes",
        "--shard-moments false | --shard-moments: has no effect without --processes or --rank",
        "--processes 2 --shard-moments no | --shard-moments: ",
        "--processes 2 --collective-timeout 5 | --collective-timeout: '5' is not a duration",
        "--processes 2 --device cuda:1 | --device: must be cuda with --processes",
        "--processes 2 --collectives mpi | --collectives: unknown kind of collectives 'mpi'; known: gloo, nccl",
        "--processes 2 --collectives nccl | --collectives: nccl exchanges arrays of GPUs and needs",
        "--collectives nccl --device cuda | --collectives: has no effect without --processes or"
      })
  void a_wrong_option_is_named(String options, String message) {
    Cli.Outcome outcome =
        Cli.run(Cli.training("train", folder.resolve("run"), (Object[]) options.split(" ")));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("tralign: " + message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--processes 2", "--rank 1 --world 2 --meet nowhere.invalid:1"})
  void nccl_without_a_pytorch_for_cuda_is_refused_before_any_process_is_started(String options) {
    PyTorch.start(); // that of the class path, also on a machine with another one
    Object[] words = (options + " --device cuda --collectives nccl").split(" ");
    Cli.Outcome outcome = Cli.run(Cli.training("train", folder.resolve("run"), words));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .startsWith("tralign: --collectives: NCCL needs a PyTorch for CUDA; that of ")
        .contains("has no libtorch_cuda.so; see docs/gpu.md")
        .containsOnlyOnce("tralign: ");
  }

  @Test
  void a_port_in_use_is_an_input_error() {
    try (MeetingPoint other = MeetingPoint.serve(0)) {
      Cli.Outcome outcome =
          Cli.run(
              Cli.training(
                  "train",
                  folder.resolve("run"),
                  "--rank",
                  0,
                  "--world",
                  2,
                  "--meet",
                  "127.0.0.1:" + other.port()));
      assertThat(outcome.code()).isEqualTo(2);
      assertThat(outcome.err())
          .startsWith("tralign: --meet: port " + other.port() + " is in use on this machine");
    }
  }

  @Test
  void standard_input_cannot_be_shared() {
    Cli.Outcome outcome =
        Cli.run(
            "generate", "--policy", Cli.LLAMA, "--prompts", "-", "--output", "-", "--processes", 2);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("--prompts: cannot be the standard input");
  }

  private Path train(String command, String name, Object... more) {
    Path run = folder.resolve(name);
    Object[] options = {"--max-steps", 4, "--learning-rate", "1e-4", "--precision", "fp32"};
    Cli.Outcome outcome = Cli.run(Cli.training(command, run, with(options, more)));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    return run;
  }

  /** Starts rank 0 of two, and waits until it listens. */
  private Process startFirst(Path run) throws Exception {
    Object[] place = {"--meet", "127.0.0.1:0", "--meet-file", folder.resolve("place")};
    Process first = Cli.start(folder, with(oneOfTwo(run, 0), place));
    while (first.isAlive() && !Files.exists(folder.resolve("place"))) {
      first.waitFor(5, TimeUnit.MILLISECONDS);
    }
    return first;
  }

  /** The command of rank 1. */
  private Object[] second(Path run) throws IOException {
    return with(oneOfTwo(run, 1), "--meet", Files.readString(folder.resolve("place")).strip());
  }

  private static Object[] oneOfTwo(Path run, int rank) {
    return Cli.training("train", run, "--max-steps", 2, "--world", 2, "--rank", rank);
  }

  private static Object[] with(Object[] options, Object... more) {
    return Stream.of(options, more).flatMap(Stream::of).toArray();
  }

  private static void done(Object[] common, String command, Object... more) {
    Cli.Outcome outcome =
        Cli.run(
            Stream.of(new Object[] {command, "--quiet"}, common, more)
                .flatMap(Stream::of)
                .toArray());
    assertThat(outcome.code()).as(outcome.err()).isZero();
  }

  private static List<JsonNode> metrics(Path run) throws IOException {
    return TrainTest.lines(run.resolve("metrics.jsonl"));
  }

  private static Path weights(Path run) {
    return run.resolve("model").resolve("model.safetensors");
  }
}
