package io.github.tralign.cli;

import static io.github.tralign.cli.BadOptionTest.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.djl.DjlPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --freeze}, {@code --group} and {@code --decay-on}. */
class ParametersTest {

  private static final String FIRST = "gpt_neox.layers.0.mlp.dense_h_to_4h.weight";
  private static final String LAST = "gpt_neox.layers.1.mlp.dense_h_to_4h.weight";
  private static final String NORM = "gpt_neox.layers.1.input_layernorm.weight";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"train", "sft"})
  void what_is_frozen_comes_out_as_it_went_in(String command) {
    done(run(command, "run", "--freeze", "*embed*", "--freeze", "*.layers.0.*"));
    assertThat(moved("gpt_neox.embed_in.weight")).isFalse();
    assertThat(moved(FIRST)).isFalse();
    assertThat(moved(LAST)).isTrue();
  }

  @Test
  void how_much_belongs_to_each_pattern_is_reported_at_the_start() {
    Cli.Outcome outcome =
        run("train", "run", "--freeze", "*embed*", "--group", "*.bias:lr-factor=0.5");
    done(outcome);
    assertThat(outcome.out())
        .containsSubsequence("Data", "Parameters", "Settings")
        .containsPattern("  \\*embed\\*:frozen +2 tensors, 9,216 numbers\n")
        .containsPattern("  \\*\\.bias:lr-factor=0.5 +13 tensors, 368 numbers\n")
        .containsPattern("  all others +13 tensors, 6,224 numbers\n");
    assertThat(run("train", "plain").out()).doesNotContain("Parameters");
  }

  @Test
  void all_but_one_layer_can_be_frozen() {
    done(run("train", "run", "--freeze", "!*.layers.1.*"));
    assertThat(moved("gpt_neox.embed_in.weight")).isFalse();
    assertThat(moved(FIRST)).isFalse();
    assertThat(moved(LAST)).isTrue();
  }

  @Test
  void decay_on_matrices_leaves_norms_as_they_would_be() throws IOException {
    done(run("train", "plain", "--max-steps", 1, "--weight-decay", 0));
    done(run("train", "run", "--max-steps", 1, "--weight-decay", 2, "--decay-on", "matrices"));
    assertThat(values("run", NORM)).containsExactly(values("plain", NORM));
    assertThat(values("run", LAST)).isNotEqualTo(values("plain", LAST));
    assertThat(folder.resolve("run/config.yaml")).content().contains("decay-on: matrices");
  }

  @Test
  void a_group_learns_at_its_own_rate() {
    done(run("train", "slow", "--max-steps", 1, "--group", "*:lr-factor=0.5"));
    done(run("train", "run", "--max-steps", 1, "--group", "*.layers.1.*:lr-factor=0.5"));
    done(run("train", "fast", "--max-steps", 1));
    assertThat(values("slow", LAST)).isNotEqualTo(values("fast", LAST));
    assertThat(values("run", LAST)).containsExactly(values("slow", LAST));
    assertThat(values("run", FIRST)).containsExactly(values("fast", FIRST));
  }

  @Test
  void a_run_s_own_configuration_gives_the_same_weights() throws IOException {
    done(
        run(
            "train",
            "run",
            "--freeze",
            "*.layers.0.*",
            "--group",
            "*.bias:lr-factor=0.5:weight-decay=0",
            "--group",
            "!*.bias:weight-decay=0.5",
            "--weight-decay",
            0.1));
    Path again = folder.resolve("again");
    done(Cli.run("train", "--config", folder.resolve("run/config.yaml"), "--output", again));
    assertThat(again.resolve("model/model.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("run/model/model.safetensors"));
  }

  @Test
  void a_run_is_resumed_with_the_same_groups_only() throws IOException {
    done(run("train", "run", "--freeze", "*.layers.0.*", "--checkpoint-every", 2));
    byte[] model = Files.readAllBytes(folder.resolve("run/model/model.safetensors"));
    Files.delete(folder.resolve("run/summary.json"));
    Path output = folder.resolve("run");
    assertThat(Cli.run("train", "--resume", "--output", output, "--freeze", "*embed*").err())
        .contains("parameter groups was [*.layers.0.*:frozen] and is [*embed*:frozen]");
    assertThat(Cli.run("train", "--resume", "--output", output, "--decay-on", "matrices").err())
        .contains("decayed parameters was all and is matrices");
    done(Cli.run("train", "--resume", "--output", output));
    assertThat(folder.resolve("run/model/model.safetensors")).hasBinaryContent(model);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --freeze layers.0.*          | --freeze: no parameter matches 'layers.0.*'; the most similar: gpt_neox.layers.0.
          --freeze [                   | --freeze: '[' is not a valid pattern of names
          --freeze *                   | --freeze: all parameters are frozen; there is nothing to train
          --freeze *.0.* --freeze *.0.mlp.* | --freeze: all parameters that match '*.0.mlp.*' already match an earlier
          --group *.bas:lr-factor=2    | --group: no parameter matches '*.bas'; the most similar:
          --freeze *.0.* --group *.0.mlp.*:lr-factor=2 | --group: all parameters that match '*.0.mlp.*' already
          --group *:lr-fctor=2         | --group: '*:lr-fctor=2': 'lr-fctor=2' is no setting of a group
          --decay-on norms             | --decay-on: unknown choice of parameters 'norms'; known: all, matrices
          """)
  void what_cannot_be_is_reported_by_option(String options, String message) {
    Object[] more = options.split(" ");
    assertRefused(run("train", "run", more), message);
    assertThat(folder.resolve("run")).doesNotExist();
  }

  private Cli.Outcome run(String command, String output, Object... more) {
    Object[] brief = {"--learning-rate", "1e-3", "--batch-size", 10};
    Object[] options = Stream.of(brief, more).flatMap(Stream::of).toArray();
    return Cli.run(Cli.training(command, folder.resolve(output), options));
  }

  private static void done(Cli.Outcome outcome) {
    assertThat(outcome.code()).as(outcome.err()).isZero();
  }

  private boolean moved(String parameter) {
    return !Arrays.equals(values("run", parameter), values(Cli.NEOX, parameter));
  }

  private double[] values(String run, String parameter) {
    return values(folder.resolve(run).resolve("model"), parameter);
  }

  private static double[] values(Path model, String parameter) {
    try (DjlPolicy policy = DjlPolicy.load(model)) {
      return policy.values(parameter);
    }
  }
}
