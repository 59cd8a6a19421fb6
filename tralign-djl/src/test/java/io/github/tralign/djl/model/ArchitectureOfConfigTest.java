package io.github.tralign.djl.model;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureOfConfigTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  static final List<String> QWEN = List.of("variants/qwen2", "variants/qwen3");
  private static final List<JsonNode> ODD =
      List.of(
          JSON.nullNode(),
          JSON.createArrayNode(),
          JSON.createArrayNode().addNull(),
          JSON.createArrayNode().add(JSON.createArrayNode().addNull()),
          JSON.createObjectNode(),
          JSON.createObjectNode().putNull("content"),
          JSON.getNodeFactory().textNode("12"),
          JSON.getNodeFactory().textNode(""),
          JSON.getNodeFactory().booleanNode(true),
          JSON.getNodeFactory().numberNode(0),
          JSON.getNodeFactory().numberNode(-1),
          JSON.getNodeFactory().numberNode(Integer.MAX_VALUE),
          JSON.getNodeFactory().numberNode(BigInteger.TWO.pow(63)),
          JSON.getNodeFactory().numberNode(2.5),
          JSON.getNodeFactory().numberNode(Double.NaN),
          JSON.getNodeFactory().numberNode(Double.POSITIVE_INFINITY));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "neox",
        "llama",
        "variants/llama3-rope",
        "variants/qwen2",
        "variants/qwen3",
        "families/gemma",
        "families/gemma2",
        "families/gemma3",
        "families/gpt2",
        "families/granite",
        "families/llama-longrope",
        "families/llama-yarn-not-truncated",
        "families/mistral",
        "families/olmo2",
        "families/olmo3",
        "families/phi3-longrope",
        "families/stablelm-parallel",
        "families/starcoder2",
        "families/qwen3-dynamic",
        "families/smollm3-window"
      })
  void a_value_of_any_other_kind_is_taken_or_refused_by_its_key(String golden) {
    ObjectNode good = golden(golden);
    for (String key : good.properties().stream().map(it -> it.getKey()).toList()) {
      for (JsonNode odd : ODD) {
        assertTakenOrRefused(good.deepCopy().set(key, odd), key);
      }
      if (good.get(key) instanceof ObjectNode object) {
        for (String inner : object.properties().stream().map(it -> it.getKey()).toList()) {
          for (JsonNode odd : ODD) {
            ObjectNode bad = good.deepCopy();
            ((ObjectNode) bad.get(key)).set(inner, odd);
            assertTakenOrRefused(bad, inner);
          }
        }
      }
    }
  }

  private static void assertTakenOrRefused(JsonNode json, String key) {
    try {
      assertThat(of((ObjectNode) json).vocabularySize()).isPositive();
    } catch (InvalidInputException e) {
      assertThat(e).hasMessageStartingWith("config.json: key '").hasMessageContaining(key);
    }
  }

  @Test
  void the_class_follows_from_model_type() {
    ObjectNode llama = golden("llama");
    ArrayNode none = JSON.createArrayNode();
    assertThat(of(llama.deepCopy().putNull("architectures"))).isEqualTo(of(golden("llama")));
    assertThat(of((ObjectNode) llama.deepCopy().set("architectures", none)))
        .isEqualTo(of(golden("llama")));
    llama.remove("architectures");
    assertThat(of(llama)).isEqualTo(of(golden("llama")));
    ObjectNode neox = golden("neox");
    neox.remove("architectures");
    assertThat(of(neox)).isEqualTo(of(golden("neox")));
  }

  @Test
  void architectures_and_model_type_must_agree() {
    assertRefused(
        golden("llama").put("model_type", "gpt_neox"),
        "key 'architectures' is [\"LlamaForCausalLM\"]; expected GPTNeoXForCausalLM, as model_type"
            + " is gpt_neox");
    assertRefused(
        golden("llama").put("model_type", "qwen2_moe"),
        "key 'model_type' is \"qwen2_moe\"; expected one of gemma (GemmaForCausalLM), gemma2");
    ObjectNode without = golden("llama");
    without.remove("model_type");
    assertRefused(without, "key 'model_type' is missing; expected a string");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llama | {'hidden_act': 'relu'}            | key 'hidden_act' is \"relu\"; expected one of gelu",
        "neox  | {'hidden_act': 'relu'}            | key 'hidden_act' is \"relu\"; expected one of",
        "llama | {'is_causal': false}              | key 'is_causal' is false; expected true",
        "llama | {'per_layer_config': {'0': {}}}   | key 'per_layer_config' is an object",
        "neox  | {'head_dim': 4}                   | key 'head_dim' is 4; expected 8",
        "llama | {'num_attention_heads': 3}        | key 'num_attention_heads' is 3",
        "llama | {'num_key_value_heads': 3}        | key 'num_key_value_heads' is 3",
        "llama | {'head_dim': 5}                   | key 'head_dim' is 5",
        "llama | {'layer_types': ['x', 'full_attention']} | key 'layer_types' is [\"x\",",
        "llama | {'layer_types': ['full_attention']} | key 'layer_types' is [\"full_attention\"]",
        "llama | {'rms_norm_eps': -1}              | key 'rms_norm_eps' is -1",
        "variants/qwen2 | {'head_dim': null}       | key 'head_dim' is null",
        "variants/qwen3 | {'head_dim': null}       | key 'head_dim' is null",
        "variants/qwen3 | {'hidden_act': 'relu'}   | key 'hidden_act' is \"relu\"; expected one of gelu",
        "variants/qwen3 | {'num_key_value_heads': 3} | key 'num_key_value_heads' is 3",
        "variants/qwen2 | {'num_attention_heads': 3} | key 'num_attention_heads' is 3; expected a",
        "variants/qwen2 | {'rope_scaling': {'type': 'su'}} | key 'rope_scaling.type' is \"su\"",
        "families/phi3 | {'rope_scaling': {'type': 'linear', 'factor': 2}} | key 'rope_scaling.type'",
        "families/phi3 | {'rope_scaling': {'type': 'su'}} | key 'rope_scaling.original_max_position_em",
        "families/phi3-longrope | {'head_dim': 4}  | key 'rope_parameters.short_factor' is",
        "families/phi3 | {'sliding_window': 0}     | key 'sliding_window' is 0; expected a whole numb",
        "families/mistral | {'layer_types': ['full_attention', 'sliding_attention']} | key 'layer_types'",
        "families/mistral | {'sliding_window': null, 'layer_types': ['sliding_attention',"
            + " 'sliding_attention']}              | key 'layer_types' is",
        "families/ministral | {'sliding_window': null} | key 'sliding_window' is null; expected a",
        "families/smollm3 | {'no_rope_layers': [1, 0]} | key 'no_rope_layers' is [1,0]; expected for ea",
        "families/smollm3 | {'no_rope_layer_interval': 0} | key 'no_rope_layer_interval' is 0; expecte",
        "families/smollm3-window | {'use_sliding_window': false} | key 'layer_types' is",
        "families/granite | {'attention_multiplier': 0} | key 'attention_multiplier' is 0; expected a",
        "families/granite | {'logits_scaling': null} | key 'logits_scaling' is null; expected a numbe",
      },
      quoteCharacter = '`')
  void what_is_not_built_is_refused_by_its_key(String golden, String changes, String message) {
    assertRefused(changed(golden, changes), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llama | {'hidden_act': 'swish'}                | {}",
        "llama | {'head_dim': null}                     | {}",
        "llama | {'layer_types': ['sliding_attention', 'full_attention']} | {'layer_types': null}",
        "llama | {'per_layer_config': {}}               | {}",
        "llama | {'num_key_value_heads': null}          | {'num_key_value_heads': 4}",
        "neox  | {'hidden_act': 'gelu_python'}          | {'hidden_act': 'gelu'}",
        "neox  | {'hidden_act': 'gelu_python_tanh'}     | {'hidden_act': 'gelu_new'}",
        "neox  | {'hidden_act': 'gelu_accurate'}        | {'hidden_act': 'gelu_new'}",
        "variants/qwen2 | {'head_dim': 4, 'attention_bias': false} | {}",
        "variants/qwen2 | {'num_key_value_heads': null} | {'num_key_value_heads': 4}",
        "variants/qwen2 | {'rope_parameters': null, 'rope_theta': 1e6, 'rope_scaling': null} | {}",
        "variants/qwen3 | {'rope_parameters': null, 'rope_theta': 1e6, 'rope_scaling': null} | {}",
      },
      quoteCharacter = '`')
  void names_for_the_same_compute_the_same(String golden, String one, String other) {
    assertThat(of(changed(golden, one)).computesAs(of(changed(golden, other)))).isTrue();
  }

  @Test
  void absent_keys_have_the_defaults_of_each_family() {
    List<String> defaults =
        List.of(
            "head_dim",
            "num_key_value_heads",
            "rms_norm_eps",
            "max_position_embeddings",
            "rope_parameters",
            "tie_word_embeddings",
            "attention_bias",
            "hidden_act",
            "use_sliding_window",
            "sliding_window",
            "layer_types");
    for (String qwen : QWEN) {
      ObjectNode config = changed(golden(qwen), "{'hidden_size': 64, 'num_attention_heads': 32}");
      config.remove(defaults);
      Architecture model = of(config);
      int headSize = qwen.endsWith("qwen3") ? 128 : 2;
      assertThat(model.spec().headSize()).isEqualTo(headSize);
      assertThat(model.spec().keyValueHeads()).isEqualTo(32);
      assertThat(model.spec().epsilon()).isEqualTo(1e-6);
      assertThat(model.spec().rotaries())
          .containsExactly(new Rotary(headSize, 10_000, FrequencyScaling.NONE));
      assertThat(model.maxLength()).isEqualTo(32_768);
      assertThat(model.weights().tied()).isFalse();
    }
  }

  @Test
  void absent_keys_of_relatives_of_llama_have_the_defaults_of_each() {
    assertDefaults("families/mistral", 8, 1e-6, 131_072, false, 10_000);
    assertDefaults("families/phi3", 16, 1e-5, 4096, false, 10_000);
    assertDefaults("families/smollm3", 4, 1e-6, 32_768, true, 2e6);
    Architecture granite = assertDefaults("families/granite-biases", 16, 1e-6, 2048, false, 10_000);
    assertThat(granite.spec().scoreScale()).isEqualTo(1); // not 1/√headSize
    assertThat(granite.spec().embeddingScale()).isEqualTo(1);
    assertThat(granite.spec().residualScale()).isEqualTo(1);
    assertThat(granite.spec().logitScale()).isEqualTo(1);
  }

  /** Of the keys that a model needs and no others, with 16 heads. */
  private static Architecture assertDefaults(
      String golden, int keyValueHeads, double epsilon, int maxLength, boolean tied, double theta) {
    ObjectNode config = golden(golden).put("hidden_size", 64).put("num_attention_heads", 16);
    config.retain(
        "model_type",
        "hidden_size",
        "num_attention_heads",
        "num_hidden_layers",
        "intermediate_size",
        "vocab_size");
    Architecture model = of(config);
    assertThat(model.spec().headSize()).isEqualTo(4);
    assertThat(model.spec().keyValueHeads()).isEqualTo(keyValueHeads);
    assertThat(model.spec().epsilon()).isEqualTo(epsilon);
    assertThat(model.maxLength()).isEqualTo(maxLength);
    assertThat(model.weights().tied()).isEqualTo(tied);
    assertThat(model.spec().rotaries())
        .containsExactly(new Rotary(4, theta, FrequencyScaling.NONE));
    return model;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                                     | 0 0 0 -1",
        "{'no_rope_layers': null}                               | 0 0 0 -1",
        "{'no_rope_layers': null, 'no_rope_layer_interval': 2}  | 0 -1 0 -1",
        "{'no_rope_layers': [0, 1, 1, 0, 1]}                    | -1 0 0 -1",
      },
      quoteCharacter = '`')
  void a_zero_in_no_rope_layers_is_a_layer_without_rotation(String changes, String rotaries) {
    assertThat(
            of(changed("families/smollm3", changes)).spec().rotaryOfLayer().stream()
                .mapToObj(Integer::toString)
                .collect(joining(" ")))
        .isEqualTo(rotaries);
  }

  @Test
  void biases_and_norms_of_attention_are_those_of_the_family() {
    ObjectNode qwen2 = golden("variants/qwen2").put("attention_bias", false);
    assertThat(attention(qwen2))
        .containsExactlyInAnyOrder(
            "q_proj.weight",
            "q_proj.bias",
            "k_proj.weight",
            "k_proj.bias",
            "v_proj.weight",
            "v_proj.bias",
            "o_proj.weight");
    ObjectNode qwen3 = golden("variants/qwen3");
    qwen3.remove("attention_bias");
    assertThat(attention(qwen3))
        .containsExactlyInAnyOrder(
            "q_proj.weight",
            "k_proj.weight",
            "v_proj.weight",
            "o_proj.weight",
            "q_norm.weight",
            "k_norm.weight");
    assertThat(attention(qwen3.put("attention_bias", true)))
        .contains("q_proj.bias", "k_proj.bias", "v_proj.bias", "o_proj.bias", "q_norm.weight");
  }

  private static List<String> attention(ObjectNode config) {
    String prefix = "model.layers.1.self_attn.";
    return of(config).parameters().stream()
        .map(Parameter::name)
        .filter(it -> it.startsWith(prefix))
        .map(it -> it.substring(prefix.length()))
        .toList();
  }

  @Test
  void a_config_need_not_say_how_long_texts_may_be() {
    ObjectNode config = golden("neox");
    config.remove("max_position_embeddings");
    assertThat(of(config).maxLength()).isEqualTo(2048);
  }

  static void assertRefused(ObjectNode json, String message) {
    assertThatThrownBy(() -> of(json))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("config.json: " + message);
  }

  static Architecture of(ObjectNode json) {
    return Architecture.of(ConfigJson.of(Path.of("config.json"), json));
  }

  static ObjectNode changed(String golden, String changes) {
    return changed(golden(golden), changes);
  }

  static ObjectNode changed(ObjectNode config, String changes) {
    try {
      return config.setAll((ObjectNode) JSON.readTree(changes.replace('\'', '"')));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ObjectNode golden(String name) {
    try {
      return (ObjectNode)
          JSON.readTree(
              Objects.requireNonNull(
                  ArchitectureOfConfigTest.class.getResource(
                      "../golden/" + name + "/config.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
