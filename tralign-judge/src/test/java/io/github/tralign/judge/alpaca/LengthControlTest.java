package io.github.tralign.judge.alpaca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.tralign.InvalidInputException;
import io.github.tralign.judge.Goldens;
import io.github.tralign.judge.statistics.Mean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LengthControlTest {

  @Test
  void published_win_rates_follow_from_published_weights() {
    double[] difficulties = Goldens.numbers(Goldens.read("difficulties"));
    JsonNode published = Goldens.read("published");
    List<Double> errors = new ArrayList<>();
    for (JsonNode row : published) {
      Mean rate =
          LengthControl.rate(
              difficulties.length,
              ImmutableDoubleArray.copyOf(difficulties),
              row.path("weight").asDouble(),
              row.path("difficulty").asDouble());
      double error = Math.abs(rate.value() - row.path("lc").asDouble());
      errors.add(error);
      if (row.path("error").isNumber()) {
        assertThat(rate.standardError()).isCloseTo(row.path("error").asDouble(), within(1e-2));
      }
    }
    double[] sorted = errors.stream().mapToDouble(it -> it).sorted().toArray();
    assertThat(sorted).hasSize(199);
    assertThat(sorted[sorted.length / 2]).isLessThan(1e-9);
    assertThat(sorted[194]).isLessThan(1e-2); // the others miss some instructions
    assertThat(sorted[198]).isLessThan(0.2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"weak", "strong"})
  void a_fit_gives_the_win_rate_of_alpaca_eval(String name) {
    JsonNode golden = Goldens.read("length_control").path(name);
    ImmutableDoubleArray difficulties =
        ImmutableDoubleArray.copyOf(Goldens.numbers(golden.path("difficulties")));
    List<Annotation> annotations = new ArrayList<>();
    for (JsonNode row : golden.path("rows")) {
      annotations.add(
          annotation(
              row.path("length_1").asInt(),
              row.path("length_2").asInt(),
              row.path("preference").isNull()
                  ? OptionalDouble.empty()
                  : OptionalDouble.of(row.path("preference").asDouble())));
    }
    List<GamedRow> gamed = new ArrayList<>();
    for (JsonNode row : golden.path("gamed")) {
      gamed.add(
          new GamedRow(
              row.path("index").asInt(),
              row.path("preference").asDouble(),
              row.path("std_delta_len").asDouble(),
              row.path("instruction_difficulty").asDouble()));
    }
    List<LengthControl> fits =
        List.of(
            LengthControl.of(annotations, Optional.of(difficulties), gamed),
            LengthControl.of(annotations, Optional.of(difficulties), List.of()),
            LengthControl.of(annotations, Optional.empty(), List.of()));
    for (LengthControl fit : fits) {
      JsonNode expected = golden.path("expected").path(fit.form());
      assertThat(fit.rate().value())
          .as(fit.form())
          .isCloseTo(expected.path("length_controlled_winrate").asDouble(), within(0.1));
      assertThat(fit.rate().standardError())
          .isCloseTo(expected.path("lc_standard_error").asDouble(), within(0.1));
    }
    assertThat(fits).extracting(LengthControl::form).doesNotHaveDuplicates();
    WinRate rate = WinRate.of(annotations);
    rate.values()
        .forEach(
            (key, value) -> {
              if (!key.equals("avg_length")) {
                double number = ((Number) value).doubleValue();
                JsonNode expected = golden.path("expected").path("length_controlled_v1").path(key);
                assertThat(number).as(key).isCloseTo(expected.asDouble(), within(1e-9));
              }
            });
  }

  @Test
  void a_preference_for_length_alone_is_removed() {
    List<Annotation> annotations = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      int longer = 100 * (i % 7);
      boolean won = i % 10 < 5 + longer / 200;
      annotations.add(annotation(500, 500 + longer, OptionalDouble.of(won ? 1.98 : 1.02)));
    }
    double raw = WinRate.of(annotations).rate().value();
    LengthControl fit = LengthControl.of(annotations, Optional.empty(), List.of());
    assertThat(raw).isGreaterThan(58);
    assertThat(fit.rate().value()).isBetween(45.0, 55.0);
    assertThat(fit.length()).isNegative();
    assertThat(fit.isFarFrom(raw)).isEqualTo(fit.rate().value() < raw - raw / 4);
    assertThat(fit.isFarFrom(95)).isTrue();
  }

  @Test
  void a_reference_wins_half_against_itself() {
    Annotation same = annotation("model", 1, 1, OptionalDouble.of(1.5));
    assertThat(LengthControl.of(List.of(same), Optional.empty(), List.of()).rate().value())
        .isEqualTo(50);
  }

  @Test
  void too_few_difficulties_are_rejected() {
    List<Annotation> two =
        Arrays.asList(
            annotation(1, 2, OptionalDouble.of(1)), annotation(2, 1, OptionalDouble.of(2)));
    assertThatThrownBy(
            () -> LengthControl.of(two, Optional.of(ImmutableDoubleArray.of(1)), List.of()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("1 difficulties are too few for 2 annotations");
  }

  private static Annotation annotation(int first, int second, OptionalDouble preference) {
    return annotation("reference", first, second, preference);
  }

  private static Annotation annotation(
      String reference, int first, int second, OptionalDouble preference) {
    return new Annotation(
        "", "q", "x".repeat(first), reference, "y".repeat(second), "model", "judge", preference);
  }
}
