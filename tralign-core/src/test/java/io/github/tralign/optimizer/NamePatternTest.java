package io.github.tralign.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {

  private static final List<String> NAMES =
      List.of("embed.weight", "layers.0.mlp.bias", "layers.0.mlp.weight", "layers.10.mlp.weight");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          *                    | embed.weight layers.0.mlp.bias layers.0.mlp.weight layers.10.mlp.weight
          embed.weight         | embed.weight
          embed                | ''
          *.bias               | layers.0.mlp.bias
          layers.?.*           | layers.0.mlp.bias layers.0.mlp.weight
          layers.1[0-3].*      | layers.10.mlp.weight
          {embed,*.0.mlp}.w*   | embed.weight layers.0.mlp.weight
          !layers.*            | embed.weight
          !*.{0,10}.*.weight   | embed.weight layers.0.mlp.bias
          !*                   | ''
          """)
  void a_pattern_matches_whole_names(String pattern, String matching) {
    assertThat(String.join(" ", NAMES.stream().filter(NamePattern.of(pattern)::matches).toList()))
        .isEqualTo(matching);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "!", "layers.[0", "{a"})
  void what_is_no_pattern_is_refused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NamePattern.of(text))
        .withMessageContaining("pattern of ")
        .withMessageContaining("names");
  }

  @ParameterizedTest
  @CsvSource({
    "embd.weight, embed.weight",
    "layer.0.*, layers.0.mlp.bias",
    "layers.11.*, layers.10.mlp.weight",
    "*.mlp.weigth, layers.0.mlp.weight",
    "!embed, embed.weight"
  })
  void the_nearest_name_takes_the_fewest_changes(String pattern, String nearest) {
    assertThat(NamePattern.of(pattern).nearest(NAMES, 1)).containsExactly(nearest);
  }

  @Test
  void patterns_of_the_same_text_are_one() {
    assertThat(NamePattern.of("*.bias")).isEqualTo(NamePattern.of("*.bias"));
    assertThat(NamePattern.of("*.bias")).hasSameHashCodeAs(NamePattern.of("*.bias"));
    assertThat(NamePattern.of("*.bias")).isNotEqualTo(NamePattern.of("!*.bias"));
    assertThat(NamePattern.of("!*.bias")).hasToString("!*.bias");
  }
}
