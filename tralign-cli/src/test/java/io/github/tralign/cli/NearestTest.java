package io.github.tralign.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NearestTest {

  private static final List<String> KNOWN = List.of("--beta", "--batch-size", "--data");

  @Test
  void a_slip_of_the_finger_is_understood() {
    assertThat(Suggestion.to("--bta", KNOWN)).contains("--beta");
    assertThat(Suggestion.to("--btea", KNOWN)).contains("--beta");
    assertThat(Suggestion.to("--batch_size", KNOWN)).contains("--batch-size");
  }

  @Test
  void an_unrelated_word_is_not() {
    assertThat(Suggestion.to("--temperature", KNOWN)).isEmpty();
  }

  @Property
  void distance_is_zero_for_equal_words_only_and_the_same_both_ways(
      @ForAll @AlphaChars @StringLength(max = 8) String a,
      @ForAll @AlphaChars @StringLength(max = 8) String b) {
    assertThat(Suggestion.distance(a, b)).isEqualTo(Suggestion.distance(b, a));
    assertThat(Suggestion.distance(a, b) == 0).isEqualTo(a.equals(b));
    assertThat(Suggestion.distance(a, b)).isLessThanOrEqualTo(Math.max(a.length(), b.length()));
  }
}
