package io.github.tralign.djl.model;

import static io.github.tralign.djl.model.ArchitectureOfConfigTest.QWEN;
import static io.github.tralign.djl.model.ArchitectureOfConfigTest.assertRefused;
import static io.github.tralign.djl.model.ArchitectureOfConfigTest.changed;
import static io.github.tralign.djl.model.ArchitectureOfConfigTest.golden;
import static io.github.tralign.djl.model.ArchitectureOfConfigTest.of;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sliding windows that a configuration gives its layers. */
class WindowsOfConfigTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                            'sliding_window': 8",
        "'use_sliding_window': false,                'sliding_window': 8, 'max_window_layers': 0",
        "'use_sliding_window': false,                'sliding_window': 0, 'max_window_layers': 0",
        "'use_sliding_window': true,                 'sliding_window': 8",
        "'use_sliding_window': true,                 'sliding_window': null, 'max_window_layers': 0",
        "'use_sliding_window': true,                 'sliding_window': 512, 'max_window_layers': 0",
        "'use_sliding_window': true, 'layer_types': ['full_attention', 'sliding_attention'],"
            + " 'sliding_window': 512",
      },
      quoteCharacter = '`')
  void windows_that_have_no_effect_are_ignored_in_the_qwen_families(String changes) {
    for (String qwen : QWEN) {
      assertThat(of(window(qwen, changes)).computesAs(of(golden(qwen)))).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'sliding_window': 511, 'max_window_layers': 1          | 0 511",
        "'sliding_window': 8, 'max_window_layers': -1           | 8 8",
        "'max_window_layers': 1, 'max_position_embeddings': 4097 | 0 4096",
        "'sliding_window': 8, 'max_window_layers': 0,"
            + " 'layer_types': ['sliding_attention', 'full_attention'] | 8 0",
      },
      quoteCharacter = '`')
  void layers_of_the_qwen_families_have_the_windows_of_transformers(
      String changes, String windows) {
    for (String qwen : QWEN) {
      assertThat(windows(window(qwen, "'use_sliding_window': true, " + changes)))
          .isEqualTo(windows);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "families/mistral | {'sliding_window': null}             | 0 0",
        "families/mistral | {'sliding_window': 512}              | 0 0",
        "families/mistral | {'sliding_window': 511}              | 511 511",
        "families/mistral | {'layer_types': ['sliding_attention', 'sliding_attention']} | 8 8",
        "families/ministral | {}                                 | 0 8",
        "families/ministral | {'layer_types': null}              | 8 8",
        "families/phi3    | {'sliding_window': null}             | 0 0",
        "families/phi3    | {}                                   | 9 9",
        "families/smollm3-window | {'layer_types': null}         | 0 8 0",
        "families/smollm3-window | {'layer_types': null, 'no_rope_layers': null} | 0 0 0",
        "families/smollm3-window | {'layer_types': null, 'use_sliding_window': false} | 0 0 0",
        "families/smollm3-window | {'layer_types': null, 'no_rope_layers': null,"
            + " 'no_rope_layer_interval': 1}                     | 8 8 8",
        "families/smollm3-window | {'layer_types': ['sliding_attention', 'full_attention',"
            + " 'full_attention']}                               | 8 0 0",
      },
      quoteCharacter = '`')
  void layers_have_the_windows_of_transformers(String golden, String changes, String windows) {
    assertThat(windows(changed(golden, changes))).isEqualTo(windows);
  }

  @Test
  void without_a_window_mistral_has_one_of_4096_and_phi3_none() {
    ObjectNode mistral = golden("families/mistral").put("max_position_embeddings", 8192);
    mistral.remove("sliding_window");
    assertThat(windows(mistral)).isEqualTo("4096 4096");
    ObjectNode phi3 = golden("families/phi3");
    phi3.remove("sliding_window");
    assertThat(windows(phi3)).isEqualTo("0 0");
  }

  private static String windows(ObjectNode config) {
    return of(config).spec().windowOfLayer().stream()
        .mapToObj(Integer::toString)
        .collect(joining(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'sliding_window': 0, 'max_window_layers': -1  | 'sliding_window' is 0; expected a whole",
        "'sliding_window': null, 'layer_types': ['full_attention', 'sliding_attention'] | 'layer_types'",
        "'use_sliding_window': false, 'layer_types': ['sliding_attention', 'full_attention']"
            + " | 'layer_types' is",
        "'sliding_window': 'x'                         | 'sliding_window' is \"x\"; expected a whole",
        "'use_sliding_window': null                    | 'use_sliding_window' is null; expected true",
      },
      quoteCharacter = '`')
  void windows_that_cannot_be_meant_are_refused(String changes, String message) {
    for (String qwen : QWEN) {
      assertRefused(window(qwen, "'use_sliding_window': true, " + changes), "key " + message);
    }
  }

  /** As transformers 4 writes it: without {@code layer_types}. */
  private static ObjectNode window(String golden, String changes) {
    ObjectNode config = golden(golden);
    config.remove(List.of("layer_types", "sliding_window", "max_window_layers"));
    return changed(config, "{" + changes + "}");
  }
}
