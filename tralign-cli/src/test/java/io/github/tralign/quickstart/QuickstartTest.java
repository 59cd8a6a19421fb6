package io.github.tralign.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.PreferenceData;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.djl.tokenizer.CheckpointTokenizer;
import io.github.tralign.file.AtomicFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {

  private static final List<String> RUNS = List.of("dpo", "tr-dpo-soft", "tr-dpo-hard");

  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void everything_is_made_and_a_second_time_replaces_it_with_the_same() throws IOException {
    Path root = folder.resolve("new/quickstart");
    run(root);
    assertThat(root.resolve("data/train.jsonl")).content().hasLineCount(32);
    assertThat(root.resolve("data/held-out.jsonl")).content().hasLineCount(8);
    assertThat(root.resolve("runs/sft/metrics.jsonl")).content().hasLineCount(20);
    for (String run : List.of("sft", "dpo", "tr-dpo-soft", "tr-dpo-hard")) {
      assertThat(root.resolve("runs").resolve(run).resolve("summary.json"))
          .content()
          .contains("\"load\"", "\"training\"", "\"save\"", "peak_memory_bytes");
      assertThat(root.resolve("runs").resolve(run).resolve("report.html"))
          .content()
          .contains("Loss");
    }
    for (String run : RUNS) {
      assertThat(root.resolve("runs").resolve(run).resolve("metrics.jsonl"))
          .content()
          .hasLineCount(10);
      assertThat(root.resolve("runs").resolve(run).resolve("config.yaml"))
          .content()
          .contains("loss: dpo", "max-steps: 10", "runs/sft/model");
      readable(root.resolve("runs").resolve(run).resolve("model"), root);
    }
    String table = Files.readString(root.resolve("table.txt"));
    assertThat(table.lines())
        .anyMatch(line -> line.matches("start \\(SFT\\) +-\\d+\\.\\d\\d +-\\d+\\.\\d\\d"))
        .anyMatch(line -> line.startsWith("DPO          fixed"))
        .anyMatch(line -> line.startsWith("TR-DPO soft  soft:0.6"))
        .anyMatch(line -> line.startsWith("TR-DPO hard  hard:4"));
    assertThat(out.toString(UTF_8))
        .contains(table)
        .contains("--policy " + root.resolve("runs/sft/model"))
        .contains("--data " + root.resolve("data/train.jsonl"));
    assertThat(err.toString(UTF_8)).contains("SFT", "step  20/20", "TR-DPO soft", "Done in");

    Path mine = Files.createDirectory(root.resolve("runs/mine"));
    Path old = Files.createFile(root.resolve("runs/dpo/old"));
    run(root);
    assertThat(root.resolve("table.txt")).content().isEqualTo(table);
    assertThat(mine).exists();
    assertThat(old).doesNotExist();
  }

  @Test
  void the_supervised_stage_learns() throws IOException {
    run(folder);
    List<String> lines = Files.readAllLines(folder.resolve("runs/sft/metrics.jsonl"));
    assertThat(loss(lines.get(19))).isLessThan(loss(lines.get(0)) - 1);
  }

  @Test
  void a_folder_with_something_else_is_refused_and_kept() throws IOException {
    Path letter = Files.writeString(folder.resolve("letter.txt"), "dear");
    assertThatThrownBy(() -> run(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(folder.toString())
        .hasMessageContaining("--output");
    assertThat(folder).isDirectoryContaining(letter::equals);
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(letter));
  }

  @Test
  void a_folder_of_another_program_with_such_a_file_is_refused_and_kept() throws IOException {
    Path mark = Files.writeString(folder.resolve("quickstart.json"), "{\"pages\":[]}");
    Path data = Files.createDirectory(folder.resolve("data"));
    assertThatThrownBy(() -> run(folder)).hasMessageContaining("not a quickstart's folder");
    assertThat(mark).hasContent("{\"pages\":[]}");
    assertThat(data).exists();
  }

  @Test
  void a_file_is_refused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> run(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("is a file");
  }

  @Test
  void a_folder_of_one_that_was_killed_at_once_is_taken() throws IOException {
    Files.createFile(AtomicFile.sibling(folder.resolve("quickstart.json"), "tmp"));
    run(folder);
    assertThat(folder.resolve("table.txt")).isNotEmptyFile();
  }

  private void run(Path root) throws IOException {
    QuickstartSettings settings =
        QuickstartSettings.builder()
            .model(TinyCheckpoint.SHAPE)
            .trainingPairs(32)
            .heldOutPairs(8)
            .sftSteps(20)
            .sftBatch(16)
            .sftLearningRate(2e-2)
            .steps(10)
            .batch(8)
            .tau(4)
            .build();
    QuickstartConsole console =
        new QuickstartConsole(
            new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false, false);
    new Quickstart(root, settings, console).run();
  }

  private static void readable(Path model, Path root) {
    try (CheckpointTokenizer tokenizer = CheckpointTokenizer.load(model);
        DjlPolicy policy = DjlPolicy.load(model)) {
      PreferenceData heldOut =
          PreferenceData.read(tokenizer)
              .maxLength(policy.maxLength())
              .file(root.resolve("data/held-out.jsonl"));
      assertThat(heldOut.size()).isEqualTo(8);
    }
  }

  private static double loss(String line) throws IOException {
    JsonNode step = new ObjectMapper().readTree(line);
    return step.path("loss").asDouble();
  }
}
