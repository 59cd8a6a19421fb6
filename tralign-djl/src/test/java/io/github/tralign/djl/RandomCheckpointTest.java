package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.TokenGradient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RandomCheckpointTest {

  @TempDir private Path folder;

  @Test
  void the_same_seed_gives_the_same_bytes() throws IOException {
    Path one = write("one", config("llama"), 7);
    Path two = write("two", config("llama"), 7);
    try (Stream<Path> files = Files.list(one)) {
      for (Path file : files.toList()) {
        assertThat(two.resolve(file.getFileName())).hasSameBinaryContentAs(file);
      }
    }
  }

  @Test
  void another_seed_gives_other_weights() throws IOException {
    Path one = write("one", config("llama"), 7).resolve("model.safetensors");
    Path two = write("two", config("llama"), 8).resolve("model.safetensors");
    assertThat(Files.mismatch(one, two)).isNotNegative();
  }

  @Test
  void a_parameter_has_the_same_values_in_a_deeper_model() {
    ObjectNode deeper = config("llama").put("num_hidden_layers", 3);
    try (DjlPolicy shallow = Golden.on(write("shallow", config("llama"), 7)).load();
        DjlPolicy deep = Golden.on(write("deep", deeper, 7)).load()) {
      assertThat(deep.parameters()).containsAll(shallow.parameters());
      for (String name : shallow.parameters()) {
        assertThat(deep.values(name)).isEqualTo(shallow.values(name));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"neox", "llama", "variants/neox-tied-no-bias"})
  void each_parameter_begins_as_its_role_says(String like) {
    ObjectNode config = config(like).put("initializer_range", 0.05);
    try (DjlPolicy policy = Golden.on(write("model", config, 7)).load()) {
      for (String name : policy.parameters()) {
        double[] values = policy.values(name);
        if (name.endsWith("norm.weight")) {
          assertThat(values).as(name).containsOnly(1);
        } else if (name.endsWith(".bias")) {
          assertThat(values).as(name).containsOnly(0);
        } else {
          double square = Arrays.stream(values).map(v -> v * v).average().orElseThrow();
          assertThat(Math.sqrt(square)).as(name).isCloseTo(0.05, within(0.01));
          assertThat(Arrays.stream(values).distinct().count())
              .isGreaterThan(values.length * 9L / 10);
        }
      }
    }
  }

  @Test
  void two_matrices_of_one_shape_differ() {
    try (DjlPolicy policy = Golden.on(write("model", config("llama"), 7)).load()) {
      Set<Double> firsts =
          policy.parameters().stream()
              .filter(name -> name.contains("_proj"))
              .map(name -> policy.values(name)[0])
              .collect(Collectors.toSet());
      assertThat(firsts).hasSize(14);
    }
  }

  @Test
  void a_fresh_model_finds_all_tokens_about_as_likely() {
    try (DjlPolicy policy = Golden.on(write("model", config("neox"), 7)).load()) {
      PreferenceBatch batch = new PreferenceBatch(ImmutableList.copyOf(Golden.rows()));
      double mean = Arrays.stream(policy.score(batch).values()).average().orElseThrow();
      assertThat(mean).isCloseTo(-Math.log(policy.vocabularySize()), within(0.1));
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.tralign.djl.Golden#families")
  void a_fresh_model_of_each_family_trains(String family) {
    try (DjlPolicy policy = Golden.on(write("model", config(family), 7)).threads(1).load()) {
      PreferenceBatch batch =
          new PreferenceBatch(ImmutableList.copyOf(Golden.rows().subList(0, 4)));
      double[] before = policy.score(batch).values();
      double mean = Arrays.stream(before).average().orElseThrow();
      assertThat(mean).isCloseTo(-Math.log(policy.vocabularySize()), within(0.1));
      double[] up = new double[before.length];
      Arrays.fill(up, -1); // the loss falls as every log-probability rises
      policy.accumulate(batch, scores -> TokenGradient.of(up));
      policy.step(new OptimizerStep(1e-3, 1, AdamW.ofDefaults()));
      double after = Arrays.stream(policy.score(batch).values()).average().orElseThrow();
      assertThat(after).isGreaterThan(mean).isFinite();
    }
  }

  /** As transformers' GPT-2 does: 0.02 / √(2 · 2 layers). */
  @Test
  void residual_matrices_of_gpt2_are_drawn_smaller() {
    try (DjlPolicy policy = Golden.on(write("model", config("families/gpt2"), 7)).load()) {
      for (String part : List.of("attn.c_attn", "mlp.c_fc", "attn.c_proj", "mlp.c_proj")) {
        double[] values = policy.values("transformer.h.1." + part + ".weight");
        double deviation =
            Math.sqrt(Arrays.stream(values).map(it -> it * it).average().orElseThrow());
        assertThat(deviation).as(part).isCloseTo(part.endsWith("proj") ? 0.01 : 0.02, within(2e-3));
      }
    }
  }

  @Test
  void a_sequence_longer_than_the_learned_positions_is_refused() {
    ObjectNode config = config("families/gpt2").put("n_positions", 8);
    try (DjlPolicy policy = Golden.on(write("model", config, 7)).threads(1).load()) {
      assertThat(policy.maxLength()).isEqualTo(8);
      int[] five = {1, 2, 3, 4, 5};
      int[] three = {6, 7, 8};
      policy.score(PreferenceBatch.of(Example.pair(five, three, three)));
      PreferenceBatch longer = PreferenceBatch.of(Example.pair(five, three, five));
      assertThatThrownBy(() -> policy.score(longer))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("has 10 tokens, but the model has embeddings for 8 positions only");
    }
  }

  @Test
  void a_config_without_a_size_is_refused_and_nothing_is_written() {
    ObjectNode config = config("llama");
    config.remove("hidden_size");
    assertThatThrownBy(() -> write("model", config, 7))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining("hidden_size");
    assertThat(folder.resolve("model")).doesNotExist();
  }

  private Path write(String name, ObjectNode config, long seed) {
    Path target = folder.resolve(name);
    RandomCheckpoint.write(target, config, Golden.path("llama"), seed);
    return target;
  }

  private static ObjectNode config(String like) {
    return (ObjectNode) Golden.json(like + "/config.json");
  }
}
