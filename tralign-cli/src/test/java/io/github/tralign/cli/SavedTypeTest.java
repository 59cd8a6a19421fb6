package io.github.tralign.cli;

import static io.github.tralign.cli.TrainTest.assertDone;
import static io.github.tralign.cli.TrainTest.json;
import static io.github.tralign.cli.TrainTest.train;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --save-dtype}: the type in which a trained model is saved. */
class SavedTypeTest {

  @TempDir private Path folder;

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
}
