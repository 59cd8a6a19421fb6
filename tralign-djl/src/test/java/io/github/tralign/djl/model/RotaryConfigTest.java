package io.github.tralign.djl.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.huggingface.ConfigJson;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What mixtures of the forms mean was seen by running transformers 5.23 on hundreds of them. */
class RotaryConfigTest {

  private static final int HEAD = 8;
  private static final String LLAMA3 =
      "'rope_type': 'llama3', 'factor': 8.0, 'low_freq_factor': 1.0, 'high_freq_factor': 4.0";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "''                                                                            | 10000",
        "'rope_theta': 5e5                                                             | 500000",
        "'rope_theta': 5e5, 'rope_parameters': {'rope_type': 'default'}                | 500000",
        "'rope_theta': 5e5, 'rope_parameters': null, 'rope_scaling': {}                | 500000",
        "'rope_theta': 5e5, 'rope_parameters': {'rope_theta': 2}                       | 2",
        "'rope_theta': null, 'rope_parameters': {'rope_theta': 2}                      | 2",
        "'rope_parameters': {'rope_theta': 2}, 'rope_scaling': {'rope_theta': 3}       | 3",
        "'rope_parameters': {'rope_theta': 2}, 'rope_scaling': {'type': 'default'}     | 10000",
        "'rope_theta': 5e5, 'rope_parameters': {'rope_theta': 2}, 'rope_scaling': {'a': 1} | 500000",
        "'rotary_emb_base': 7, 'rope_parameters': {'partial_rotary_factor': 0.5}       | 10000",
      })
  void the_base_of_llama_is_where_transformers_finds_it(String json, double theta) {
    assertThat(whole(json.replace("''", "")).frequencies())
        .isEqualTo(new Rotary(HEAD, theta, FrequencyScaling.NONE).frequencies());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "''                                                                         | 10000 | 2",
        "'rope_theta': 5, 'rotary_emb_base': 6, 'rotary_pct': 0.5                   | 6     | 4",
        "'partial_rotary_factor': 0.5                                               | 10000 | 2",
        "'rotary_pct': 1, 'rope_parameters': {'partial_rotary_factor': 0.5}         | 10000 | 4",
        "'rotary_pct': 1, 'rope_parameters': {'rope_theta': 6}                      | 6     | 8",
        "'rotary_pct': 0.7                                                          | 10000 | 5",
        "'rope_parameters': {'rope_theta': 6}, 'rope_scaling': {'type': 'default'}  | 10000 | 2",
      })
  void gpt_neox_has_names_of_its_own(String json, double theta, int share) {
    Rotary rotary = partial(json.replace("''", ""));
    assertThat(rotary.frequencies())
        .isEqualTo(new Rotary(share, theta, FrequencyScaling.NONE).frequencies());
    assertThat(rotary.rotated()).isEqualTo(share == 5 ? 6 : share); // odd ones are rounded up
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'max_position_embeddings': 64                                                  | 64",
        "''                                                                             | 2048",
        "'max_position_embeddings': 64, 'original_max_position_embeddings': 32          | 32",
      })
  void the_original_length_of_llama3_may_stand_on_top_or_be_that_of_the_model(
      String json, double original) {
    String top = json.replace("''", "");
    Rotary expected = new Rotary(HEAD, 10000, FrequencyScaling.llama3(8, 1, 4, original));
    assertThat(whole(top + (top.isEmpty() ? "" : ",") + "'rope_scaling': {" + LLAMA3 + "}"))
        .extracting(Rotary::frequencies)
        .isEqualTo(expected.frequencies());
  }

  @Test
  void the_original_length_on_top_wins_over_the_one_inside() {
    String inside = "'rope_scaling': {" + LLAMA3 + ", 'original_max_position_embeddings': 16}";
    assertThat(whole(inside).frequencies())
        .isEqualTo(new Rotary(HEAD, 10000, FrequencyScaling.llama3(8, 1, 4, 16)).frequencies());
    assertThat(whole("'original_max_position_embeddings': 64, " + inside).frequencies())
        .isEqualTo(new Rotary(HEAD, 10000, FrequencyScaling.llama3(8, 1, 4, 64)).frequencies());
  }

  @Test
  void the_newer_name_of_the_type_wins() {
    float[] plain = whole("").frequencies();
    assertThat(
            whole("'rope_scaling': {'type': 'linear', 'rope_type': 'default', 'factor': 2}")
                .frequencies())
        .isEqualTo(plain);
    float[] halves = whole("'rope_scaling': {'type': 'linear', 'factor': 2}").frequencies();
    for (int i = 0; i < plain.length; i++) {
      assertThat(halves[i]).isEqualTo(plain[i] / 2);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'factor': 4                                                       | 1.138629436111989",
        "'factor': 4, 'attention_factor': null, 'mscale': 0.7              | 1.138629436111989",
        "'factor': 4, 'attention_factor': 1.25                             | 1.25",
        "'factor': 4, 'mscale': 0.7, 'mscale_all_dim': 1.2                 | 0.9405715",
        "'factor': 4, 'mscale': 0, 'mscale_all_dim': 1.2                   | 1.138629436111989",
        "'factor': 0.5                                                     | 1",
        "'factor': null, 'original_max_position_embeddings': 512           | 1.138629436111989",
      })
  void the_attention_factor_of_yarn_is_that_of_transformers(String json, double factor) {
    assertThat(whole("'rope_scaling': {'type': 'yarn', " + json + "}").factor())
        .isCloseTo(factor, within(1e-6));
  }

  @Test
  void yarn_turns_32_times_and_once_within_the_original_length_by_default() {
    String yarn = "'rope_scaling': {'type': 'yarn', 'factor': 4, 'rope_theta': 50";
    Rotary plain = whole(yarn + "}");
    assertThat(
            whole(
                yarn
                    + ", 'beta_fast': 32, 'beta_slow': 1, 'truncate': true,"
                    + " 'original_max_position_embeddings': 2048}"))
        .isEqualTo(plain);
    assertThat(whole(yarn + ", 'beta_fast': null, 'beta_slow': 0}")).isEqualTo(plain);
    assertThat(whole(yarn + ", 'truncate': false}")).isNotEqualTo(plain);
    assertThat(whole(yarn + ", 'beta_fast': 200}")).isNotEqualTo(plain);
    float[] unscaled = new Rotary(HEAD, 50, FrequencyScaling.NONE).frequencies();
    assertThat(plain.frequencies()[0]).isEqualTo(unscaled[0]); // high ones are kept
    float[] low = whole(yarn + ", 'original_max_position_embeddings': 4}").frequencies();
    for (int i = 1; i < low.length; i++) {
      assertThat(low[i]).isCloseTo(unscaled[i] / 4, withinPercentage(1e-4));
    }
  }

  @Test
  void longrope_has_other_frequencies_beyond_the_original_length() {
    String factors = "'short_factor': [1, 2, 3, 4], 'long_factor': [5, 6, 7, 8]";
    Rotary rotary =
        whole(
            "'rope_scaling': {'type': 'longrope', 'original_max_position_embeddings': 128, "
                + factors
                + "}");
    assertThat(rotary.longest()).isEqualTo(128);
    assertThat(rotary.factor()).isEqualTo(Math.sqrt(1 + Math.log(16) / Math.log(128)));
    float[] plain = whole("").frequencies();
    for (int i = 0; i < plain.length; i++) {
      assertThat(rotary.frequencies()[i]).isCloseTo(plain[i] / (1 + i), withinPercentage(1e-4));
      assertThat(rotary.frequenciesBeyond()[i])
          .isCloseTo(plain[i] / (5 + i), withinPercentage(1e-4));
    }
    String two = "'rope_scaling': {'type': 'longrope', 'factor': 2, " + factors;
    assertThat(whole(two + "}").longest()).isEqualTo(2048);
    assertThat(whole(two + "}").factor()).isEqualTo(Math.sqrt(1 + Math.log(2) / Math.log(2048)));
    assertThat(whole(two + ", 'attention_factor': 1.5}").factor()).isEqualTo(1.5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "longrope | ''                                       | 4096 | 1",
        "yarn     | 'original_max_position_embeddings': 128, | 128  | 1.3093073414159544",
        "su       | 'original_max_position_embeddings': 128, | 128  | 1.3093073414159544",
      })
  void the_original_length_of_phi3_is_on_top_or_4096(
      String type, String top, int longest, double factor) {
    Rotary rotary =
        RotaryConfig.phi3(
            config(
                "'partial_rotary_factor': 0.75, 'max_position_embeddings': 4096, "
                    + top.replace("''", "")
                    + "'rope_scaling': {'short_factor': [1, 2, 3], 'long_factor': [4, 5, 6],"
                    + " 'original_max_position_embeddings': 16, 'type': '"
                    + type
                    + "'}"),
            HEAD);
    assertThat(rotary.rotated()).isEqualTo(6);
    assertThat(rotary.longest()).isEqualTo(longest);
    assertThat(rotary.factor()).isCloseTo(factor, within(1e-6));
  }

  @Test
  void dynamic_is_the_default_up_to_the_longest_sequence_and_undefined_beyond() {
    Rotary rotary =
        whole("'max_position_embeddings': 64, 'rope_scaling': {'type': 'dynamic', 'factor': 2}");
    assertThat(rotary.frequencies()).isEqualTo(whole("").frequencies());
    assertThat(rotary.longest()).isEqualTo(64);
    assertThat(rotary.beyond()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "''                                                       | 500   | 70",
        "'rope_theta': 5, 'local': 6                              | 5     | 6",
        "'rope_theta': 5, 'rope_parameters': {'full_attention': {'rope_theta': 7}} | 7 | 70",
        "'local': 6, 'rope_parameters': {'sliding_attention': {'rope_theta': 7}, 'full_attention': null}"
            + " | 500 | 7",
        "'rope_theta': 5, 'rope_scaling': {'rope_theta': 8},"
            + " 'rope_parameters': {'full_attention': {'rope_theta': 7}} | 8 | 70",
      })
  void each_kind_of_layer_has_its_own_base(String json, double full, double sliding) {
    ConfigJson config = config(json.replace("''", ""));
    assertThat(full(config)).isEqualTo(new Rotary(HEAD, full, FrequencyScaling.NONE));
    assertThat(sliding(config)).isEqualTo(new Rotary(HEAD, sliding, FrequencyScaling.NONE));
  }

  @Test
  void scaling_in_the_form_of_transformers_4_is_of_full_layers_only() {
    ConfigJson config = config("'rope_scaling': {'rope_type': 'linear', 'factor': 8}");
    assertThat(full(config)).isEqualTo(new Rotary(HEAD, 500, FrequencyScaling.linear(8)));
    assertThat(sliding(config)).isEqualTo(new Rotary(HEAD, 70, FrequencyScaling.NONE));
    assertThat(
            full(
                config(
                    "'rope_scaling': {'type': 'linear', 'factor': 8},"
                        + " 'rope_parameters': {'full_attention': {'rope_theta': 7}}")))
        .isEqualTo(new Rotary(HEAD, 7, FrequencyScaling.linear(8)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'rope_parameters': {'rope_theta': 7}               | key 'rope_parameters.rope_theta' is 7",
        "'rope_scaling': {'type': 'linear', 'factor': 8}    | key 'rope_scaling.type' is",
        "'rope_scaling': {'rope_type': 'default'}, 'rope_parameters': {} | key 'rope_parameters.full",
        "'rope_parameters': {'full_attention': {'truncate': false}} | key 'rope_parameters.full_atte",
        "'rope_parameters': {'sliding_attention': {'type': 'dynamic'}} | key 'rope_parameters.slidin",
      })
  void settings_of_kinds_of_layers_that_have_no_effect_are_refused(String json, String message) {
    ConfigJson config = config(json);
    assertThatThrownBy(() -> List.of(full(config), sliding(config)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("config.json: " + message);
  }

  private static Rotary full(ConfigJson config) {
    return RotaryConfig.ofKind(config, LayerTypes.FULL, HEAD, "rope_theta", 500, 2048);
  }

  private static Rotary sliding(ConfigJson config) {
    return RotaryConfig.ofKind(config, LayerTypes.SLIDING, HEAD, "local", 70, 2048);
  }

  @Test
  void a_share_of_whole_heads_matters_to_scaled_types_only() {
    assertThat(whole("'partial_rotary_factor': 0.5").frequencies()).hasSize(HEAD / 2);
    assertRefused(
        "'partial_rotary_factor': 0.5, 'rope_scaling': {'type': 'linear', 'factor': 2}",
        "key 'partial_rotary_factor' is 0.5; expected 1, since this model rotates whole heads");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'rope_scaling': {'type': 'su'}                    | key 'rope_scaling.type' is \"su\"",
        "'rope_parameters': {'rope_type': 'proportional'}  | key 'rope_parameters.rope_type' is",
        "'rope_parameters': {'rope_type': 'dynamic'}       | key 'rope_parameters.factor' is missing",
        "'rope_scaling': {'type': 'yarn'}                  | key 'rope_scaling.factor' is missing",
        "'rope_scaling': {'type': 'yarn', 'factor': 2, 'truncate': null} | key 'rope_scaling.truncate'",
        "'rope_scaling': {'type': 'longrope'}              | key 'rope_scaling.short_factor' is",
        "'rope_scaling': {'type': 'longrope', 'short_factor': [1, 2]} | key 'rope_scaling.short_factor'",
        "'rope_scaling': {'rope_type': null}               | key 'rope_scaling.rope_type' is null",
        "'rope_scaling': {'type': 'linear'}                | key 'rope_scaling.factor' is missing",
        "'rope_scaling': {'type': 'linear', 'factor': 0}   | key 'rope_scaling.factor' is 0",
        "'rope_scaling': {'rope_theta': null}              | key 'rope_scaling.rope_theta' is null",
        "'rope_theta': null                                | key 'rope_theta' is null",
        "'rope_theta': 1e999                               | key 'rope_theta' is Infinity",
        "'rope_scaling': 7                                 | key 'rope_scaling' is 7; expected an",
        "'rope_parameters': {'full_attention': {}}         | key 'rope_parameters.full_attention'",
      })
  void what_cannot_be_meant_is_refused_by_name(String json, String message) {
    assertRefused(json, message);
  }

  @Test
  void a_share_that_no_head_has_is_refused_where_it_stands() {
    assertThatThrownBy(
            () -> partial("'rotary_pct': 0.7, 'rope_scaling': {'type': 'yarn', 'factor': 4}"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("key 'rotary_pct' is 0.7; expected a share of heads that is an even");
    assertThatThrownBy(() -> partial("'rotary_pct': 0"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("key 'rotary_pct' is 0; expected a share of a head's 8 values");
    assertThatThrownBy(() -> partial("'rope_parameters': {'partial_rotary_factor': 2}"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("key 'rope_parameters.partial_rotary_factor' is 2; expected a share");
  }

  @Test
  void heads_of_any_size_take_no_memory_before_they_are_used() {
    assertThat(RotaryConfig.whole(config(""), Integer.MAX_VALUE - 1, 10_000, 2048).rotated())
        .isEqualTo(Integer.MAX_VALUE - 1);
  }

  private static void assertRefused(String json, String message) {
    assertThatThrownBy(() -> whole(json))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("config.json: " + message);
  }

  private static Rotary whole(String json) {
    return RotaryConfig.whole(config(json), HEAD, 10_000, 2048);
  }

  private static Rotary partial(String json) {
    return RotaryConfig.gptNeox(config(json), HEAD);
  }

  private static ConfigJson config(String json) {
    try {
      String text = "{" + json.replace('\'', '"') + "}";
      return ConfigJson.of(Path.of("config.json"), (ObjectNode) new ObjectMapper().readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }
}
