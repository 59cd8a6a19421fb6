package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --stream}: rows are read during training. */
class StreamCommandTest {

  @TempDir private Path folder;

  private Path run() {
    return folder.resolve("run");
  }

  /** 40 rows, in steps of 6: the third pass has begun. */
  @ParameterizedTest
  @CsvSource({
    "train, --reference soft:0.6",
    "train, --reference hard:3 --loss kto",
    "train, --reference fixed --skip-invalid --limit 25",
    "sft, --eval-data EVAL"
  })
  void in_the_files_order_it_is_the_run_on_all_rows(String command, String options)
      throws IOException {
    String common = "--batch-size 6 --max-steps 15 --shuffle false --learning-rate 1e-4 ";
    String words = common + options.replace("EVAL", Cli.ROWS.toString());
    Path all = folder.resolve("all");
    assertDone(Cli.run(Cli.training(command, all, (Object[]) words.split(" "))));
    String streamed = words + " --stream";
    assertDone(Cli.run(Cli.training(command, run(), (Object[]) streamed.split(" "))));

    assertThat(metrics(run())).hasSize(15).isEqualTo(metrics(all));
    assertThat(run().resolve("model/model.safetensors"))
        .hasSameBinaryContentAs(all.resolve("model/model.safetensors"));
  }

  @Test
  void the_report_comes_at_the_end_and_the_record_has_what_is_known() throws IOException {
    Cli.Outcome outcome =
        Cli.run(stream(Cli.ROWS, run(), "--max-steps", 15, "--shuffle-window", 10));
    assertDone(outcome);
    String out = outcome.out();
    assertThat(out).contains("rows are read during training");
    assertThat(out.indexOf("40 of 40 rows used")).isGreaterThan(out.indexOf("shuffle-window"));
    assertThat(run().resolve("report.html")).content().contains("40 of 40 rows used", "Lengths");

    JsonNode config = new YAMLMapper().readTree(run().resolve("config.yaml").toFile());
    assertThat(config.path("stream").asBoolean()).isTrue();
    assertThat(config.path("shuffle-window").asInt()).isEqualTo(10);
    JsonNode provenance = config.path("provenance");
    assertThat(provenance.path("data-files").get(0).path("path").asText())
        .isEqualTo(Cli.ROWS.toString());
    assertThat(provenance.path("data-files").get(0).path("sha256").asText()).hasSize(64);
    assertThat(provenance.fieldNames())
        .toIterable()
        .doesNotContain("fingerprint", "rows-read", "pairs-used", "data-fingerprint");

    Path again = folder.resolve("again");
    assertDone(Cli.run("train", "--config", run().resolve("config.yaml"), "--output", again));
    assertThat(metrics(again)).isEqualTo(metrics(run()));
  }

  @Test
  void a_column_that_is_not_read_is_reported_once_when_it_is_first_seen() throws IOException {
    List<String> rows = new ArrayList<>(Files.readAllLines(Cli.ROWS));
    rows.set(0, rows.get(0).replaceFirst("\\{", "{\"early\": 1, "));
    rows.set(39, rows.get(39).replaceFirst("\\{", "{\"late\": 1, "));
    Path file = Files.write(folder.resolve("rows.jsonl"), rows);
    Object[] options = {"--max-steps", 12, "--shuffle", "false", "--probe-every", 0};
    Cli.Outcome outcome = Cli.run(stream(file, run(), options));
    assertDone(outcome);
    String early = "warning: " + file + ": the column 'early' is not read";
    assertThat(outcome.err()).containsOnlyOnce(early);
    assertThat(outcome.err()).containsOnlyOnce(early.replace("early", "late"));
  }

  @Test
  void a_fault_that_is_reached_late_ends_the_run_which_resumes_once_it_is_repaired()
      throws IOException {
    Path data = folder.resolve("rows.jsonl");
    String rows = Files.readString(Cli.ROWS);
    Files.writeString(data, rows.repeat(12) + "{\"prompt\": 7}\n" + rows);
    Object[] options = {"--max-steps", 130, "--checkpoint-every", 20, "--shuffle-window", 9};
    Cli.Outcome outcome = Cli.run(stream(data, run(), options));
    assertThat(outcome.code()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains("tralign: " + data + ":481: ");
    assertThat(run().resolve("checkpoints")).isDirectoryContaining("glob:**step-*");
    assertThat(run().resolve("report.html")).content().contains("rows.jsonl:481");
    assertThat(run().resolve("model")).doesNotExist();

    Files.writeString(data, rows.repeat(13));
    assertDone(Cli.run("train", "--resume", "--output", run()));
    Path whole = folder.resolve("whole");
    assertDone(Cli.run(stream(data, whole, options)));
    assertThat(metrics(run())).hasSize(130).isEqualTo(metrics(whole));
  }

  @Test
  void rows_that_are_all_invalid_leave_nothing_behind() throws IOException {
    Path data = Files.writeString(folder.resolve("rows.jsonl"), "{\"prompt\": 7}\n");
    Cli.Outcome outcome = Cli.run(stream(data, run(), "--max-steps", 3));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(data + ":1");
    assertThat(run()).doesNotExist();
  }

  @Test
  void other_rows_cannot_be_resumed_with() throws IOException {
    Path data = Files.copy(Cli.ROWS, folder.resolve("rows.jsonl"));
    Object[] options = {"--max-steps", 4, "--checkpoint-every", 2, "--probe-pairs", 2};
    assertDone(Cli.run(stream(data, run(), options)));
    Files.delete(run().resolve("summary.json"));
    List<String> lines = Files.readAllLines(data);
    lines.set(3, lines.get(4));
    Files.write(data, lines);
    Cli.Outcome outcome = Cli.run("train", "--resume", "--output", run());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("cannot be resumed: its data differs");
  }

  /** In a process, as SIGTERM and Ctrl-C come to one. */
  @Test
  void a_run_that_was_stopped_resumes_bit_for_bit() throws Exception {
    Path data = folder.resolve("rows.jsonl");
    String rows = Files.readString(Cli.ROWS);
    Files.writeString(data, rows.repeat(50));
    Object[] options = {"--reference", "hard:7", "--max-steps", 80, "--shuffle-window", 50};
    Process process = Cli.start(folder, stream(data, run(), options));
    for (int i = 0; i < 12_000 && steps() < 5; i++) {
      process.waitFor(10, TimeUnit.MILLISECONDS);
    }
    process.destroy();
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("stderr"))).isEqualTo(143);
    long steps = steps();
    assertThat(steps).isBetween(5L, 79L);
    assertThat(folder.resolve("stdout")).content().contains("rows used");

    Cli.Outcome resumed = Cli.run("train", "--resume", "--output", run());
    assertDone(resumed);
    assertThat(resumed.err()).contains("reading again what the run has seen");
    Path whole = folder.resolve("whole");
    assertDone(Cli.run(stream(data, whole, options)));
    assertThat(metrics(run())).hasSize(80).isEqualTo(metrics(whole));
    assertThat(run().resolve("model/model.safetensors"))
        .hasSameBinaryContentAs(whole.resolve("model/model.safetensors"));
  }

  private long steps() throws IOException {
    Path metrics = run().resolve("metrics.jsonl");
    return Files.exists(metrics) ? Files.readAllLines(metrics).size() : 0;
  }

  private static Object[] stream(Path data, Path output, Object... more) {
    Object[] common = {
      "train",
      "--stream",
      "--policy",
      Cli.NEOX,
      "--data",
      data,
      "--output",
      output,
      "--threads",
      1,
      "--batch-size",
      4,
      "--learning-rate",
      "1e-4"
    };
    return Stream.of(common, more).flatMap(Stream::of).toArray();
  }

  private static void assertDone(Cli.Outcome outcome) {
    assertThat(outcome.code()).as(outcome.err()).isZero();
  }

  /** Without what depends on the clock, and what only data in memory tells. */
  private static List<ObjectNode> metrics(Path run) throws IOException {
    List<ObjectNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      ObjectNode values = (ObjectNode) new ObjectMapper().readTree(line);
      values.remove(List.of("pairs_per_second", "epoch"));
      lines.add(values);
    }
    return lines;
  }
}
