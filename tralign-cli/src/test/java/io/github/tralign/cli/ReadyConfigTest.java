package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The configurations in {@code tralign-examples/configs}. */
class ReadyConfigTest {

  private static final Path CONFIGS = Path.of("..", "tralign-examples", "configs");

  @TempDir private Path folder;

  static Stream<Path> configs() throws IOException {
    return Files.list(CONFIGS).sorted();
  }

  @Test
  void there_is_one_for_each_data_set_and_update() throws IOException {
    assertThat(configs().map(it -> it.getFileName().toString()))
        .containsExactly(
            "llama3-ultrafeedback-tr-dpo-hard.yaml",
            "llama3-ultrafeedback-tr-dpo-soft.yaml",
            "pythia-hh-tr-dpo-hard.yaml",
            "pythia-hh-tr-dpo-soft.yaml",
            "pythia-tldr-tr-dpo-hard.yaml",
            "pythia-tldr-tr-dpo-soft.yaml");
  }

  @ParameterizedTest
  @MethodSource("configs")
  void each_trains_with_the_papers_settings(Path config) throws IOException {
    assertThat(config)
        .content()
        .contains(
            "# Unknown", "tralign-examples/configs/" + config.getFileName(), "arXiv 2404.09656");
    Path run = folder.resolve("run");
    Cli.Outcome outcome =
        Cli.run(
            "train",
            "--config",
            config,
            "--policy",
            Cli.NEOX,
            "--data",
            Cli.ROWS,
            "--output",
            run,
            "--max-length",
            512,
            "--threads",
            1);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonNode effective = new YAMLMapper().readTree(run.resolve("config.yaml").toFile());
    String rule = config.toString().contains("soft") ? "soft:0.6" : "hard:512";
    assertThat(effective.path("reference").asText()).isEqualTo(rule);
    assertThat(effective.path("beta").asDouble()).isEqualTo(0.05);
    assertThat(effective.path("learning-rate").asDouble()).isEqualTo(1e-6);
    assertThat(effective.path("warmup-steps").asInt()).isEqualTo(100);
    assertThat(effective.path("max-grad-norm").asDouble()).isEqualTo(2);
    assertThat(effective.path("epochs").asInt()).isEqualTo(1);
    assertThat(Files.readString(config)).contains("max-length: 1024");
  }
}
