package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.TR;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.djl.huggingface.SafetensorsFile;
import io.github.tralign.metrics.StepMetrics;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.reference.ReferencePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Adapters that PEFT saved, merged into their base models. */
@Tag("numeric")
class AdapterTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIG = "adapter_config.json";
  private static final String WEIGHTS = "adapter_model.safetensors";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "patterns",
        "expression",
        "layers",
        "fused-and-saved",
        "whole-parts",
        "head-saved"
      })
  void a_merged_adapter_scores_as_with_peft(String name) {
    JsonNode goldens = Golden.json("adapters/" + name + "/goldens.json");
    String base = goldens.path("base").asText();
    List<JsonNode> chosen = ImmutableList.copyOf(goldens.path("logps").path("chosen"));
    List<Example> rows = Golden.rows().subList(0, chosen.size());
    PreferenceBatch batch = new PreferenceBatch(ImmutableList.copyOf(rows));
    try (DjlPolicy merged =
            Golden.policy(base).mergeAdapter(Golden.path("adapters/" + name)).load();
        DjlPolicy plain = Golden.policy(base).load()) {
      TokenLogProbs scores = merged.score(batch);
      TokenLogProbs without = plain.score(batch);
      for (int i = 0; i < rows.size(); i++) {
        for (int completion = 0; completion < 2; completion++) {
          double expected =
              goldens.path("logps").path(completion == 0 ? "chosen" : "rejected").get(i).asDouble();
          assertThat(scores.sum(i, completion))
              .as("row %d, completion %d", i, completion)
              .isCloseTo(expected, withinPercentage(1e-4))
              .isNotCloseTo(without.sum(i, completion), withinPercentage(1e-3));
        }
      }
    }
  }

  /** The reference of the golden numbers is made by its definition, as dense matrices in fp64. */
  @ParameterizedTest
  @CsvSource({
    "fresh-llama, fixed",
    "fresh-llama, hard:4",
    "fresh-llama, soft:0.6",
    "fresh-llama, soft:0.1",
    "fresh-neox, fixed",
    "fresh-neox, hard:4",
    "fresh-neox, soft:0.6",
    "fresh-neox, soft:0.1",
    "fresh-phi3, fixed",
    "fresh-phi3, hard:4",
    "fresh-phi3, soft:0.6",
    "fresh-phi3, soft:0.1",
    "fresh-gpt2, fixed",
    "fresh-gpt2, hard:4",
    "fresh-gpt2, soft:0.6",
    "fresh-gpt2, soft:0.1",
    "patterns, fixed",
    "patterns, hard:4",
    "patterns, soft:0.6",
    "patterns, soft:0.1",
    "fused-and-saved, fixed",
    "fused-and-saved, hard:4",
    "fused-and-saved, soft:0.6",
    "fused-and-saved, soft:0.1",
    "whole-parts, fixed",
    "whole-parts, hard:4",
    "whole-parts, soft:0.6",
    "whole-parts, soft:0.1"
  })
  void training_an_adapter_has_the_losses_of_peft_with_a_dense_reference(String name, String rule) {
    JsonNode goldens = Golden.json("adapters/" + name + "/goldens.json");
    JsonNode training = goldens.path("training");
    JsonNode expected = training.path("losses").path(rule);
    String[] parts = rule.split(":");
    ReferencePolicy reference =
        switch (parts[0]) {
          case "fixed" -> TR.fixed();
          case "hard" -> TR.hard(Integer.parseInt(parts[1]));
          default -> TR.soft(Double.parseDouble(parts[1]));
        };
    List<StepMetrics> steps =
        GoldenRun.train(
            Golden.policy(goldens.path("base").asText())
                .threads(1)
                .adapter(Golden.path("adapters/" + name)),
            TR.dpo(training.path("setup").path("beta").asDouble()),
            reference,
            training.path("setup"),
            4096);
    assertThat(expected).hasSameSizeAs(steps);
    assertThat(steps.get(0).loss()).isEqualTo(Math.log(2));
    for (int i = 0; i < steps.size(); i++) {
      assertThat(steps.get(i).loss())
          .as("loss of step %d", i + 1)
          .isCloseTo(expected.get(i).asDouble(), withinPercentage(1e-2));
    }
  }

  @Test
  void a_saved_policy_has_the_adapter_in_its_weights() {
    Path saved = folder.resolve("saved");
    try (DjlPolicy merged =
        Golden.policy("llama").mergeAdapter(Golden.path("adapters/plain")).load()) {
      merged.save(saved);
      try (DjlPolicy read = Golden.on(saved).load()) {
        for (String parameter : merged.parameters()) {
          assertThat(read.values(parameter))
              .as(parameter)
              .containsExactly(merged.values(parameter));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "peft_type | \"IA3\" | LORA",
        "bias | \"all\" | none",
        "init_lora_weights | \"pissa_niter_4\" | others change the base model",
        "init_lora_weights | \"olora\" | others change the base model",
        "use_dora | true | not supported",
        "lora_bias | true | not supported",
        "layer_replication | [[0, 2]] | not supported",
        "target_parameters | [\"x\"] | not supported",
        "a_key_of_tomorrow | 1 | not supported",
        "r | 0 | a whole number > 0",
        "r | 100000 | at most",
        "lora_alpha | 0 | a number > 0",
        "lora_alpha | -8 | a number > 0",
        "lora_alpha | 1e300 | fits in fp32",
        "lora_alpha | \"8\" | a number",
        "target_modules | null | a list of modules' names",
        "target_modules | [\"q_proj\", \"v_proj\", \"query\"] | 'query' matches none",
        "target_modules | [\"q_proj\", \"v_proj\", \"embed_tokens\"] | matrices in the layers only",
        "target_modules | \"(\" | a valid regular expression",
        "modules_to_save | [\"embed_tokens\"] | neither the embedding nor the head",
        "modules_to_save | [\"norms\"] | 'norms' matches none",
        "modules_to_save | [\"\"] | names that are not empty",
        "modules_to_save | [\"q_pro\", \"j\"] | 'q_pro' matches none",
        "modules_to_save | [\"_proj\"] | no module that target_modules names too",
        "rank_pattern | {\"q_proj\": 0} | a whole number > 0",
        "target_modules | \".*none\" | it matches none",
        "exclude_modules | [\"q_proj\", \"v_proj\"] | it leaves none",
        "exclude_modules | \".*\" | it leaves none",
        "layers_to_transform | [7] | it leaves none",
        "modules_to_save | [\"self_attn\"] | it leaves none"
      })
  void what_would_give_other_numbers_is_rejected_by_key(String key, String value, String expected)
      throws IOException {
    ObjectNode config = copy("plain");
    config.set(key, JSON.readTree(value));
    assertRejected(config, folder.resolve(CONFIG).toString(), key, expected);
  }

  @Test
  void a_fresh_adapter_that_does_not_fit_the_model_is_rejected_by_setting() {
    assertInvalid("rank", "the adapter's rank is 1000; expected at most 16", Adapter.lora(1000));
    assertInvalid("rank", "at most 16", Adapter.lora(1).rank("q_proj", 10_000_000));
    assertInvalid("alpha", "the adapter's alpha is 1.0E39", Adapter.lora(1).alpha(1e39));
    assertInvalid(
        "targets",
        "the adapter's targets is [\"query\"]; expected names of the model's matrices, such as"
            + " model.layers.0.self_attn.q_proj; 'query' matches none",
        Adapter.lora(1).targets(List.of("query")));
    assertInvalid("targets", "a valid regular expression", Adapter.lora(1).targets("("));
    assertInvalid(
        "exclude",
        "it leaves none",
        Adapter.lora(1).targets(".*q_proj").exclude(List.of("q_proj")));
    assertInvalid(
        "modulesToSave", "'final' matches none", Adapter.lora(1).modulesToSave(List.of("final")));
    assertInvalid("layers", "null unless", Adapter.lora(1).layers(List.of(1)));
  }

  @Test
  void modules_that_are_trained_as_a_whole_are_saved_with_the_adapter() throws IOException {
    String norm = "model.norm.weight";
    String head = "lm_head.weight";
    PreferenceBatch batch = PreferenceBatch.of(Golden.rows().subList(0, 4));
    Adapter settings = Adapter.lora(2).modulesToSave(List.of("model.norm", "lm_head"));
    try (DjlPolicy base = Golden.policy("variants/llama-untied-bias").load();
        DjlPolicy trained =
            Golden.policy("variants/llama-untied-bias").threads(1).adapter(settings).load()) {
      assertThat(trained.values(head)).isEqualTo(base.values(head));
      assertThat(trained.weights())
          .contains(norm, head)
          .doesNotContain("model.embed_tokens.weight");
      GoldenRun.trainShortly(trained);
      assertThat(trained.values(norm)).isNotEqualTo(base.values(norm));
      assertThat(trained.reference().values(head))
          .isNotEqualTo(base.values(head))
          .isNotEqualTo(trained.values(head));
      trained.save(folder.resolve("saved"));
      try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("saved").resolve(WEIGHTS))) {
        assertThat(file.tensors())
            .containsKeys("base_model.model." + norm, "base_model.model." + head)
            .hasSize(2 * 14 + 2);
      }
      try (DjlPolicy read =
          Golden.policy("variants/llama-untied-bias")
              .threads(1)
              .adapter(folder.resolve("saved"))
              .load()) {
        assertThat(read.parameters()).isEqualTo(trained.parameters());
        assertThat(read.score(batch).values()).isEqualTo(trained.score(batch).values());
      }
    }
  }

  /** The copies are fp32, whatever the model has. */
  @Test
  void the_type_of_the_base_model_does_not_matter_for_what_is_trained_as_a_whole() {
    Adapter settings = Adapter.lora(2).modulesToSave(List.of("norm", "lm_head", "embed_tokens"));
    try (DjlPolicy in16Bits =
            Golden.policy("variants/llama-untied-bias")
                .basePrecision(BasePrecision.BF16)
                .adapter(settings)
                .load();
        DjlPolicy base = Golden.policy("variants/llama-untied-bias").load()) {
      assertThat(in16Bits.values("lm_head.weight")).isEqualTo(base.values("lm_head.weight"));
      GoldenRun.trainShortly(in16Bits);
      assertThat(in16Bits.values("lm_head.weight")).isNotEqualTo(base.values("lm_head.weight"));
    }
  }

  @Test
  void a_head_that_peft_may_ignore_is_rejected() {
    Adapter adapter = Adapter.lora(1).modulesToSave(List.of("embed_out"));
    assertThatThrownBy(() -> Golden.policy("neox").adapter(adapter).load())
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContainingAll("modulesToSave", "not the head 'embed_out'", "'lm_head'");
  }

  private static void assertInvalid(String setting, String message, Adapter adapter) {
    assertThatThrownBy(() -> Golden.policy("llama").adapter(adapter).load())
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining(message)
        .extracting(it -> ((InvalidSettingException) it).setting())
        .isEqualTo(setting);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "r | 5 | lora_A.weight' of shape [5, 16], found [4, 16]",
        "target_modules | [\"q_proj\"] | v_proj.lora_A.weight' has no place in the model",
        "target_modules | [\"q_proj\", \"v_proj\", \"o_proj\"] | o_proj.lora_A.weight' of shape [4, 16], found none",
        "modules_to_save | [\"input_layernorm\"] | input_layernorm.weight' of shape [16], found none"
      })
  void tensors_that_do_not_fit_the_config_are_rejected(String key, String value, String expected)
      throws IOException {
    ObjectNode config = copy("plain");
    config.set(key, JSON.readTree(value));
    assertRejected(config, folder.resolve(WEIGHTS).toString(), expected);
  }

  @Test
  void an_adapter_of_another_model_is_rejected() throws IOException {
    JSON.writeValue(folder.resolve(CONFIG).toFile(), copy("plain"));
    assertThatThrownBy(() -> Golden.policy("neox").mergeAdapter(folder).load())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll(CONFIG, "target_modules", "'q_proj' matches none");
  }

  @Test
  void pickle_files_are_not_read() throws IOException {
    JSON.writeValue(folder.resolve(CONFIG).toFile(), copy("plain"));
    Files.move(folder.resolve(WEIGHTS), folder.resolve("adapter_model.bin"));
    assertThatThrownBy(() -> Golden.policy("llama").mergeAdapter(folder).load())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll("adapter_model.bin", "pickle", WEIGHTS);
  }

  @Test
  void keys_without_effect_may_have_any_value() throws IOException {
    ObjectNode config = copy("plain");
    config.put("lora_dropout", 0.1).put("fan_in_fan_out", true).put("megatron_core", "x");
    config.put("unknown", false).putNull("another").putArray("empty");
    JSON.writeValue(folder.resolve(CONFIG).toFile(), config);
    try (DjlPolicy one = Golden.policy("llama").mergeAdapter(folder).load();
        DjlPolicy other =
            Golden.policy("llama").mergeAdapter(Golden.path("adapters/plain")).load()) {
      for (String parameter : one.parameters()) {
        assertThat(one.values(parameter)).as(parameter).containsExactly(other.values(parameter));
      }
    }
  }

  private ObjectNode copy(String name) throws IOException {
    Path from = Golden.path("adapters/" + name);
    Files.copy(from.resolve(WEIGHTS), folder.resolve(WEIGHTS));
    return (ObjectNode) JSON.readTree(from.resolve(CONFIG).toFile());
  }

  private void assertRejected(ObjectNode config, String... parts) throws IOException {
    JSON.writeValue(folder.resolve(CONFIG).toFile(), config);
    assertThatThrownBy(() -> Golden.policy("llama").mergeAdapter(folder).load())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll(parts);
  }
}
