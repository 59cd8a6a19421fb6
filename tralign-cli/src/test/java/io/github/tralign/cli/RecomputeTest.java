package io.github.tralign.cli;

import static io.github.tralign.cli.BadOptionTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.djl.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --recompute}: memory for work, and nothing else. */
class RecomputeTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"train", "sft"})
  void the_weights_are_the_same_bits(String command) throws IOException {
    done(train(command, "stored"));
    done(train(command, "again", "--recompute"));
    assertThat(folder.resolve("again/model/model.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("stored/model/model.safetensors"));
    assertThat(folder.resolve("stored/config.yaml")).content().contains("\nrecompute: false\n");
    assertThat(folder.resolve("again/config.yaml")).content().contains("\nrecompute: true\n");
    assertThat(fingerprint("again")).isEqualTo(fingerprint("stored"));
  }

  @Test
  void a_run_resumes_with_it_or_without() throws IOException {
    done(train("train", "run", "--checkpoint-every", 2));
    byte[] model = Files.readAllBytes(folder.resolve("run/model/model.safetensors"));
    for (String more : new String[] {"--recompute", "--recompute=false"}) {
      Files.delete(folder.resolve("run/summary.json"));
      done(Cli.run("train", "--resume", "--output", folder.resolve("run"), more));
      assertThat(folder.resolve("run/model/model.safetensors")).hasBinaryContent(model);
    }
  }

  @Test
  void less_is_kept_of_a_micro_batch() throws Exception {
    assertLessIsKept("train", "--recompute");
  }

  @Test
  @Tag("nightly")
  void less_is_kept_of_frozen_layers() throws Exception {
    assertLessIsKept("train", "--freeze", "!*.layers.23.*");
  }

  @Test
  @Tag("nightly")
  void bench_keeps_as_much_as_train_does() throws Exception {
    assertLessIsKept("bench", "--recompute");
  }

  /** A body that is deep for its head, so that memory is that of the layers. */
  private void assertLessIsKept(String command, Object... options) throws Exception {
    ObjectNode config = (ObjectNode) JSON.readTree(Cli.NEOX.resolve("config.json").toFile());
    config.put("intermediate_size", 4096).put("num_hidden_layers", 24);
    RandomCheckpoint.write(folder.resolve("deep"), config, Cli.NEOX, 1);
    long stored = peakMemory(command, "stored");
    long again = peakMemory(command, "again", options);
    assertThat(again).isLessThan(stored - (100 << 20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"logps", "evaluate"})
  void a_command_that_does_not_train_has_no_such_option(String command) {
    assertRefused(Cli.run(command, "--recompute"), "--recompute");
  }

  private long peakMemory(String command, String output, Object... more) throws Exception {
    boolean bench = command.equals("bench");
    Object[] kind =
        bench
            ? new Object[] {"--json", "--skip-steps", 0}
            : new Object[] {"--output", folder.resolve(output)};
    Object[] common = {
      command,
      "--policy",
      folder.resolve("deep"),
      "--data",
      Cli.ROWS,
      "--threads",
      1,
      "--batch-size",
      40,
      "--max-steps",
      1,
      "--precision",
      "fp32"
    };
    Cli.Outcome outcome =
        Cli.process(folder, Stream.of(common, kind, more).flatMap(Stream::of).toArray());
    done(outcome);
    String json =
        bench ? outcome.out() : Files.readString(folder.resolve(output + "/summary.json"));
    return JSON.readTree(json).path("peak_memory_bytes").asLong();
  }

  private Cli.Outcome train(String command, String output, Object... more) {
    Object[] brief = {"--learning-rate", "1e-3", "--batch-size", 8, "--max-steps", 3};
    Object[] options = Stream.of(brief, more).flatMap(Stream::of).toArray();
    return Cli.run(Cli.training(command, folder.resolve(output), options));
  }

  private String fingerprint(String run) throws IOException {
    return Files.readAllLines(folder.resolve(run + "/config.yaml")).stream()
        .filter(line -> line.strip().startsWith("fingerprint:"))
        .findFirst()
        .orElseThrow();
  }

  private static void done(Cli.Outcome outcome) {
    assertThat(outcome.code()).as(outcome.err()).isZero();
  }
}
