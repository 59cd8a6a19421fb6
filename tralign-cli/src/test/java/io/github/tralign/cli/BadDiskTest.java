package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.tralign.djl.RandomCheckpoint;
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

/** A run whose files the system does not take, and what comes of it once it does. */
class BadDiskTest {

  /**
   * More than the kernels, the native library and the files of a checkpoint have, less than the
   * metrics come to; times 512 bytes.
   */
  private static final String FILE_LIMIT = "ulimit -f 176; exec \"$@\"";

  @TempDir private Path folder;

  private Object[] train(Path output, int steps, int every) {
    return Cli.training(
        "train",
        output,
        "--batch-size",
        4,
        "--learning-rate",
        "1e-4",
        "--reference",
        "soft:0.6",
        "--max-steps",
        steps,
        "--checkpoint-every",
        every,
        "--tensorboard",
        "--quiet");
  }

  private Path whole(int steps) {
    Path whole = folder.resolve("whole");
    done(Cli.run(train(whole, steps, 0)));
    return whole;
  }

  private static Cli.Outcome resume(Path run) {
    return Cli.run("train", "--resume", "--output", run, "--quiet");
  }

  private static void done(Cli.Outcome outcome) {
    assertThat(outcome.code()).as(outcome.err()).isZero();
  }

  /** The kernel stops a write in the midst of a line. */
  @Test
  void a_file_that_cannot_grow_ends_the_run_and_leaves_nothing_in_part() throws Exception {
    RandomCheckpoint.write(narrow(), narrowConfig(), Cli.NEOX, 1);
    Path whole = folder.resolve("whole");
    done(Cli.run(narrow(train(whole, 180, 0))));
    Path run = folder.resolve("run");
    List<String> command = new ArrayList<>(List.of("sh", "-c", FILE_LIMIT, "sh"));
    command.addAll(Cli.command(narrow(train(run, 180, 40))));
    Process process =
        new ProcessBuilder(command).redirectError(folder.resolve("stderr").toFile()).start();
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(folder.resolve("stderr"))
        .content()
        .startsWith("tralign: " + run.resolve("metrics.jsonl") + ": cannot be written: ")
        .contains("; ulimit -f or the kind of file system limits the size of a file")
        .doesNotContain("--stacktrace");
    assertThat(run.resolve("metrics.jsonl")).content().endsWith("}\n");
    assertThat(run.resolve("checkpoints")).isNotEmptyDirectory();
    assertThat(run.resolve("model")).doesNotExist();
    assertNothingInPart(run);
    done(resume(run));
    assertSame(run, whole);
  }

  private Path narrow() {
    return folder.resolve("narrow");
  }

  /** A model whose checkpoints have smaller files than a hundred steps' metrics. */
  private static ObjectNode narrowConfig() throws IOException {
    JsonNode config = new ObjectMapper().readTree(Cli.NEOX.resolve("config.json").toFile());
    return ((ObjectNode) config).put("hidden_size", 8).put("intermediate_size", 16);
  }

  /** The same command with that model. */
  private Object[] narrow(Object... command) {
    return Stream.of(command).map(it -> it.equals(Cli.NEOX) ? narrow() : it).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "tensorboard, file, 1",
    "metrics.jsonl, folder, 1",
    "report.html, folder, 1",
    "metrics.csv, folder, 1",
    "model, file, 2"
  })
  void what_is_in_the_way_of_a_file_is_named_and_can_be_removed(String name, String kind, int code)
      throws IOException {
    Path whole = whole(5);
    Path run = folder.resolve("run");
    done(Cli.run(train(run, 5, 2)));
    Path moved = folder.resolve("moved");
    Files.move(run.resolve(name), moved);
    Files.delete(run.resolve("summary.json")); // as if it had been killed after its last step
    Path obstacle = run.resolve(name);
    if (kind.equals("file")) {
      Files.writeString(obstacle, "");
    } else {
      Files.createDirectories(obstacle.resolve("something"));
    }
    Cli.Outcome outcome = resume(run);
    assertThat(outcome.code()).as(outcome.err()).isEqualTo(code);
    assertThat(outcome.err()).startsWith("tralign: ").contains(obstacle.toString());
    assertNothingInPart(run);

    MoreFiles.deleteRecursively(obstacle, RecursiveDeleteOption.ALLOW_INSECURE);
    Files.move(moved, obstacle);
    Files.deleteIfExists(run.resolve("summary.json"));
    done(resume(run));
    assertSame(run, whole);
  }

  private static void assertNothingInPart(Path run) throws IOException {
    try (Stream<Path> entries = Files.walk(run)) {
      assertThat(entries.map(it -> it.getFileName().toString()))
          .noneMatch(it -> it.startsWith("."));
    }
  }

  private static void assertSame(Path run, Path whole) throws IOException {
    assertThat(metrics(run)).isEqualTo(metrics(whole));
    assertThat(run.resolve("model/model.safetensors"))
        .hasSameBinaryContentAs(whole.resolve("model/model.safetensors"));
    assertThat(run.resolve("report.html")).isNotEmptyFile();
    assertThat(run.resolve("metrics.csv")).isNotEmptyFile();
  }

  private static List<JsonNode> metrics(Path run) throws IOException {
    List<JsonNode> lines = TrainTest.lines(run.resolve("metrics.jsonl"));
    lines.forEach(line -> ((ObjectNode) line).remove("pairs_per_second"));
    return lines;
  }
}
