package io.github.tralign.djl.model;

import static io.github.tralign.djl.model.ArchitectureOfConfigTest.assertRefused;
import static io.github.tralign.djl.model.ArchitectureOfConfigTest.changed;
import static io.github.tralign.djl.model.ArchitectureOfConfigTest.golden;
import static io.github.tralign.djl.model.ArchitectureOfConfigTest.of;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.model.DecoderSpec.Activation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What absent, null and unusual keys mean in GPT-2, Gemma, OLMo, StableLM and StarCoder2. */
class FamilyDefaultsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpt2     | {'attn_pdrop': null}               | key 'attn_pdrop' is null; expected a number",
        "mistral  | {'attention_dropout': null}        | key 'attention_dropout' is null; expected a nu",
        "mistral  | {'sliding_window': 4e9}            | key 'sliding_window' is 4.0E9; expected a whole n",
        "llama-yarn | {'max_position_embeddings': 4294967296} | key 'max_position_embeddings' is 4294967296;",
        "llama-yarn | {'max_position_embeddings': 1e9} | key 'max_position_embeddings' is 1.0E9; expected a",
        "smollm3  | {'no_rope_layers': [1, 2, 1, 1]}   | key 'no_rope_layers' is [1,2,1,1]; expected for",
        "gpt2     | {'add_cross_attention': true}      | key 'add_cross_attention' is true; expected fal",
        "gpt2     | {'activation_function': 'relu'}    | key 'activation_function' is \"relu\"; expected",
        "gpt2     | {'n_head': 3}                      | key 'n_head' is 3; expected a divisor of n_embd",
        "gpt2     | {'n_layer': 10001}                 | key 'n_layer' is 10001; expected at most 10000",
        "gpt2     | {'layer_types': ['full_attention']} | key 'layer_types' is [\"full_attention\"]; expec",
        "gemma    | {'use_bidirectional_attention': true} | key 'use_bidirectional_attention' is true; e",
        "gemma    | {'head_dim': null}                 | key 'head_dim' is null; expected a whole number",
        "gemma    | {'num_key_value_heads': null}      | key 'num_key_value_heads' is null; expected a w",
        "gemma2   | {'attn_logit_softcapping': 0}      | key 'attn_logit_softcapping' is 0; expected a n",
        "gemma2   | {'final_logit_softcapping': -1}    | key 'final_logit_softcapping' is -1; expected a",
        "gemma2   | {'sliding_window': null}           | key 'sliding_window' is null; expected a whole ",
        "gemma2   | {'hidden_activation': 'relu'}      | key 'hidden_activation' is \"relu\"; expected o",
        "gemma3   | {'sliding_window_pattern': 0}      | key 'sliding_window_pattern' is 0; expected a w",
        "gemma3   | {'layer_types': ['linear_attention', 'full_attention']} | key 'layer_types' is [\"lin",
        "stablelm | {'head_dim': 4}                    | key 'head_dim' is 4; expected 8, which is hidd",
        "stablelm | {'rope_parameters': null, 'partial_rotary_factor': 0.4} | key 'partial_rotary_factor'",
        "starcoder2 | {'num_key_value_heads': null}    | key 'num_key_value_heads' is null; expected a w",
        "starcoder2 | {'num_key_value_heads': 3}       | key 'num_key_value_heads' is 3; expected a divi",
        "starcoder2 | {'num_attention_heads': 6}       | key 'num_attention_heads' is 6; expected a divi",
        "starcoder2 | {'hidden_act': 'relu'}           | key 'hidden_act' is \"relu\"; expected one of ge",
        "starcoder2 | {'use_bias': null}               | key 'use_bias' is null; expected true or false",
        "starcoder2 | {'sliding_window': 0}            | key 'sliding_window' is 0; expected a whole num",
        "starcoder2 | {'sliding_window': null, 'layer_types': ['sliding_attention', 'full_attention']}"
            + "                                        | key 'layer_types' is [\"sliding_attention\",\"fu",
        "starcoder2 | {'layer_types': ['sliding_attention', 'full_attention']} | key 'layer_types' is",
        "starcoder2 | {'residual_dropout': 'x'}        | key 'residual_dropout' is \"x\"; expected a numb",
        "starcoder2 | {'embedding_dropout': 'x'}       | key 'embedding_dropout' is \"x\"; expected a num",
        "olmo2    | {'num_experts': 8}                 | key 'num_experts' is 8; expected 0, since mixtu",
        "olmo3    | {'num_local_experts': 2}           | key 'num_local_experts' is 2; expected 0, since",
        "gemma3   | {'model_type': 'gemma3'}           | key 'model_type' is \"gemma3\"; expected a text m",
        "olmo2    | {'model_type': 'mistral3'}         | key 'model_type' is \"mistral3\"; expected a text",
      },
      quoteCharacter = '`')
  void what_is_not_built_is_refused_by_its_key(String family, String changes, String message) {
    assertRefused(changed("families/" + family, changes), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpt2   | {'n_inner': null}                       | {'n_inner': 64}",
        "gpt2   | {'num_hidden_layers': 2, 'n_layer': 7}  | {}",
        "gpt2   | {'hidden_size': 16, 'n_embd': 7}        | {}",
        "gpt2   | {'num_attention_heads': 4, 'n_head': 7} | {}",
        "gpt2   | {'max_position_embeddings': 512, 'n_positions': 7} | {}",
        "gpt2   | {'reorder_and_upcast_attn': true, 'attn_pdrop': 0.5} | {}",
        "gemma  | {'hidden_act': 'gelu'}                  | {}",
        "gemma  | {'hidden_activation': 'relu', 'auto_map': {}} | {}",
        "gemma2 | {'layer_types': null}                   | {}",
        "gemma2 | {'sliding_window': 512}                 | {'layer_types': ['full_attention', 'full_attention']}",
        "gemma3 | {'attn_logit_softcapping': 2}           | {}",
        "gemma3 | {'layer_types': null, 'sliding_window_pattern': 2} | {}",
        "gemma2 | {'sliding_window': 4294967296}           | {'layer_types': ['full_attention', 'full_attention']}",
        "gemma2 | {'attention_dropout': null}              | {}",
        "mistral | {'sliding_window': 9000000000}          | {'sliding_window': null}",
        "qwen2-window-not-used | {'sliding_window': 4294967296, 'max_window_layers': 4294967296} | {}",
        "qwen2-linear | {'max_position_embeddings': 4294967296} | {}",
        "olmo2  | {'num_key_value_heads': null}           | {'num_key_value_heads': 4}",
        "olmo2  | {'num_experts': 0, 'num_local_experts': null} | {}",
        "stablelm | {'rope_pct': 0.5}                     | {}",
        "stablelm | {'rope_parameters': null, 'partial_rotary_factor': 0.25} | {}",
        "starcoder2 | {'head_dim': null}                  | {'head_dim': 4}",
        "starcoder2 | {'sliding_window': 512}             | {'sliding_window': null}",
        "starcoder2 | {'layer_types': ['sliding_attention', 'sliding_attention']} | {}",
        "starcoder2 | {'rope_parameters': null, 'rope_theta': 99.5} | {'rope_parameters':"
            + " {'rope_type': 'default', 'rope_theta': 99.5}}",
        "starcoder2 | {'residual_dropout': 0.1, 'embedding_dropout': 1, 'mlp_type': 'default',"
            + " 'norm_type': 'layer_norm', 'layer_norm_epsilon': 1} | {}",
      },
      quoteCharacter = '`')
  void names_for_the_same_compute_the_same(String family, String one, String other) {
    String golden = "families/" + family;
    assertThat(of(changed(golden, one)).computesAs(of(changed(golden, other)))).isTrue();
  }

  @Test
  void gpt2_has_its_own_defaults() {
    ObjectNode config = golden("families/gpt2");
    config.remove(
        List.of(
            "n_positions",
            "n_inner",
            "activation_function",
            "layer_norm_epsilon",
            "scale_attn_weights",
            "tie_word_embeddings"));
    Architecture model = of(config);
    assertThat(model.maxLength()).isEqualTo(1024);
    assertThat(model.weights().positions()).hasValue(1024);
    assertThat(model.weights().tied()).isTrue();
    assertThat(model.spec().activation()).isEqualTo(Activation.GELU_TANH);
    assertThat(model.spec().epsilon()).isEqualTo(1e-5);
    assertThat(model.spec().scoreScale()).isEqualTo(0.5);
    assertThat(of(config.put("scale_attn_weights", false)).spec().scoreScale()).isEqualTo(1);
  }

  @Test
  void the_families_of_gemma_have_defaults_of_their_own() {
    for (String family : List.of("gemma", "gemma2", "gemma3")) {
      ObjectNode config = golden("families/" + family).put("num_attention_heads", 16);
      config.put("num_hidden_layers", 7);
      config.remove(
          List.of(
              "head_dim",
              "num_key_value_heads",
              "hidden_act",
              "hidden_activation",
              "query_pre_attn_scalar",
              "attn_logit_softcapping",
              "final_logit_softcapping",
              "sliding_window",
              "layer_types",
              "rope_parameters",
              "max_position_embeddings",
              "tie_word_embeddings"));
      Architecture model = of(config);
      DecoderSpec spec = model.spec();
      boolean first = family.equals("gemma");
      boolean second = family.equals("gemma2");
      assertThat(spec.headSize()).isEqualTo(256);
      assertThat(spec.keyValueHeads()).isEqualTo(first ? 16 : 4);
      assertThat(spec.activation()).isEqualTo(Activation.GELU_TANH);
      assertThat(spec.normOffset()).isEqualTo(1);
      assertThat(spec.embeddingScale()).isEqualTo(4);
      assertThat(spec.scoreScale()).isEqualTo(1.0 / 16);
      assertThat(spec.scoreCap()).isEqualTo(second ? 50 : 0);
      assertThat(spec.logitCap()).isEqualTo(second ? 30 : 0);
      assertThat(model.weights().tied()).isTrue();
      assertThat(model.maxLength()).isEqualTo(first || second ? 8192 : 131_072);
      int[] windows =
          first
              ? new int[7]
              : second
                  ? new int[] {4096, 0, 4096, 0, 4096, 0, 4096}
                  : new int[] {4096, 4096, 4096, 4096, 4096, 0, 4096};
      assertThat(spec.windowOfLayer()).isEqualTo(ImmutableIntArray.copyOf(windows));
      Rotary local = new Rotary(256, 10_000, FrequencyScaling.NONE);
      Rotary global = new Rotary(256, 1e6, FrequencyScaling.NONE);
      assertThat(spec.rotaries())
          .isEqualTo(first || second ? List.of(local) : List.of(global, local));
    }
  }

  @Test
  void starcoder2_has_its_own_defaults() {
    ObjectNode config = golden("families/starcoder2-no-biases");
    config.retain(
        "model_type",
        "hidden_size",
        "num_attention_heads",
        "num_hidden_layers",
        "intermediate_size",
        "vocab_size");
    Architecture model = of(config);
    assertThat(model.spec().headSize()).isEqualTo(4);
    assertThat(model.spec().keyValueHeads()).isEqualTo(2);
    assertThat(model.spec().epsilon()).isEqualTo(1e-5);
    assertThat(model.spec().activation()).isEqualTo(Activation.GELU_TANH);
    assertThat(model.spec().windowOfLayer()).isEqualTo(ImmutableIntArray.of(0, 0));
    assertThat(model.spec().rotaries())
        .containsExactly(new Rotary(4, 10_000, FrequencyScaling.NONE));
    assertThat(model.maxLength()).isEqualTo(4096);
    assertThat(model.initializerRange()).isEqualTo(0.018042);
    assertThat(model.weights().tied()).isTrue();
    assertThat(model.parameters())
        .extracting(Parameter::name)
        .contains("model.layers.1.self_attn.q_proj.bias", "model.layers.1.mlp.c_proj.bias");
  }

  @Test
  void olmo_and_stablelm_have_defaults_of_their_own() {
    List<String> keys =
        List.of(
            "rms_norm_eps",
            "layer_norm_eps",
            "sliding_window",
            "layer_types",
            "rope_parameters",
            "num_key_value_heads",
            "max_position_embeddings",
            "tie_word_embeddings");
    ObjectNode config = golden("families/olmo3").put("num_hidden_layers", 5);
    config.remove(keys);
    config.put("max_position_embeddings", 8192).put("rope_theta", 100);
    DecoderSpec olmo3 = of(config).spec();
    assertThat(olmo3.epsilon()).isEqualTo(1e-5);
    assertThat(olmo3.keyValueHeads()).isEqualTo(4);
    assertThat(olmo3.windowOfLayer()).isEqualTo(ImmutableIntArray.of(4096, 4096, 4096, 0, 4096));
    assertThat(olmo3.rotaryOfLayer()).isEqualTo(ImmutableIntArray.of(1, 1, 1, 0, 1));
    assertThat(olmo3.rotaries())
        .containsExactly(
            new Rotary(4, 100, FrequencyScaling.NONE),
            new Rotary(4, 500_000, FrequencyScaling.NONE));
    config = golden("families/stablelm").put("num_attention_heads", 32).put("hidden_size", 512);
    config.remove(keys);
    Architecture stableLm = of(config);
    assertThat(stableLm.spec().epsilon()).isEqualTo(1e-5);
    assertThat(stableLm.spec().keyValueHeads()).isEqualTo(32);
    assertThat(stableLm.spec().rotaries())
        .containsExactly(new Rotary(4, 10_000, FrequencyScaling.NONE));
    assertThat(stableLm.maxLength()).isEqualTo(4096);
    assertThat(stableLm.weights().tied()).isFalse();
  }
}
