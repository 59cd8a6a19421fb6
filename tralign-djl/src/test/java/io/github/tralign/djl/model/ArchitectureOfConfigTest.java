package io.github.tralign.djl.model;

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
  @ValueSource(strings = {"neox", "llama", "variants/llama3-rope"})
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
        golden("llama").put("model_type", "qwen2"),
        "key 'model_type' is \"qwen2\"; expected one of gpt_neox (GPTNeoXForCausalLM),"
            + " llama (LlamaForCausalLM)");
    ObjectNode without = golden("llama");
    without.remove("model_type");
    assertRefused(without, "key 'model_type' is missing; expected a string");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llama | {'hidden_act': 'gelu'}            | key 'hidden_act' is \"gelu\"; expected silu",
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
      },
      quoteCharacter = '`')
  void names_for_the_same_compute_the_same(String golden, String one, String other) {
    assertThat(of(changed(golden, one)).computesAs(of(changed(golden, other)))).isTrue();
  }

  @Test
  void a_config_need_not_say_how_long_texts_may_be() {
    ObjectNode config = golden("neox");
    config.remove("max_position_embeddings");
    assertThat(of(config).maxLength()).isEqualTo(2048);
  }

  private static void assertRefused(ObjectNode json, String message) {
    assertThatThrownBy(() -> of(json))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("config.json: " + message);
  }

  private static Architecture of(ObjectNode json) {
    return Architecture.of(ConfigJson.of(Path.of("config.json"), json));
  }

  private static ObjectNode changed(String golden, String changes) {
    try {
      return golden(golden).setAll((ObjectNode) JSON.readTree(changes.replace('\'', '"')));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode golden(String name) {
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
