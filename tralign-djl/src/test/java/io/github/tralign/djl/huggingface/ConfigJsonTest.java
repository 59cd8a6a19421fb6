package io.github.tralign.djl.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableDoubleArray;
import io.github.tralign.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigJsonTest {
  @TempDir Path folder;

  @Test
  void values_are_given_by_their_kind() {
    ConfigJson config =
        config(
            """
            {"n": 2, "zero": 0, "x": 1e-05, "b": true, "s": "gelu", "null": null,
             "names": ["A", "B"], "ids": [0, 2], "object": {"inner": 3}}\
            """);
    assertThat(config.requiredInt("zero")).isZero();
    assertThat(config.requiredPositiveInt("n")).isEqualTo(2);
    assertThat(config.intOr("n", 7)).isEqualTo(2);
    assertThat(config.positiveIntOr("n", 7)).isEqualTo(2);
    assertThat(config.requiredDouble("x")).isEqualTo(1e-5);
    assertThat(config.doubleOr("n", 7)).isEqualTo(2.0);
    assertThat(config.booleanOr("b", false)).isTrue();
    assertThat(config.requiredString("s")).isEqualTo("gelu");
    assertThat(config.stringOr("s", "relu")).isEqualTo("gelu");
    assertThat(config.strings("names")).containsExactly("A", "B");
    assertThat(config.intOrInts("ids")).containsExactly(0, 2);
    assertThat(config.intOrInts("n")).containsExactly(2);
    assertThat(config.requiredDoubles("ids")).isEqualTo(ImmutableDoubleArray.of(0, 2));
    assertThat(config.object("object").orElseThrow().requiredInt("inner")).isEqualTo(3);
  }

  @Test
  void absent_gives_the_fallback() {
    ConfigJson config = config("{}");
    assertThat(config.has("absent")).isFalse();
    assertThat(config.contains("absent")).isFalse();
    assertThat(config.intOr("absent", -7)).isEqualTo(-7);
    assertThat(config.positiveIntOr("absent", -7)).isEqualTo(-7);
    assertThat(config.positiveIntOrNull("absent", -7)).isEqualTo(-7);
    assertThat(config.doubleOr("absent", 0.5)).isEqualTo(0.5);
    assertThat(config.positiveOr("absent", 0.5)).isEqualTo(0.5);
    assertThat(config.nonNegativeOr("absent", 0.5)).isEqualTo(0.5);
    assertThat(config.booleanOr("absent", true)).isTrue();
    assertThat(config.stringOr("absent", "s")).isEqualTo("s");
    assertThat(config.strings("absent")).isEmpty();
    assertThat(config.intOrInts("absent")).isEmpty();
    assertThat(config.object("absent")).isEmpty();
  }

  @Test
  void null_is_absent_for_lists_objects_and_those_that_say_so_and_else_refused() {
    ConfigJson config = config("{\"null\": null}");
    assertThat(config.has("null")).isFalse();
    assertThat(config.contains("null")).isTrue();
    assertThat(config.positiveIntOrNull("null", 7)).isEqualTo(7);
    assertThat(config.strings("null")).isEmpty();
    assertThat(config.intOrInts("null")).isEmpty();
    assertThat(config.object("null")).isEmpty();
    assertRefused(() -> config.intOr("null", 1), ": key 'null' is null; expected a whole number");
    assertRefused(() -> config.doubleOr("null", 1), ": key 'null' is null; expected a number");
    assertRefused(
        () -> config.booleanOr("null", true), ": key 'null' is null; expected true or false");
    assertRefused(() -> config.stringOr("null", ""), ": key 'null' is null; expected a string");
    assertRefused(
        () -> config.requiredPositiveInt("null"),
        ": key 'null' is null; expected a whole number > 0");
  }

  @Test
  void a_limit_greater_than_any_length_is_the_greatest_one() {
    ConfigJson config = config("{\"n\": 4294967296, \"less\": -4294967296, \"x\": 1e9}");
    assertThat(config.limitOr("n", 7)).isEqualTo(Integer.MAX_VALUE);
    assertThat(config.limitOr("absent", 7)).isEqualTo(7);
    assertThat(config.nearestIntOr("less", 7)).isEqualTo(Integer.MIN_VALUE);
    assertThat(config.nearestIntOr("absent", 7)).isEqualTo(7);
    assertRefused(
        () -> config.limitOr("less", 7),
        ": key 'less' is -4294967296; expected a whole number > 0 of at most 64 bits");
    assertRefused(
        () -> config.requiredPositiveInt("n"),
        ": key 'n' is 4294967296; expected a whole number > 0 of at most 32 bits");
    assertRefused(
        () -> config.positiveIntOr("x", 7),
        ": key 'x' is 1.0E9; expected a whole number > 0, written without a point or an exponent");
  }

  @Test
  void a_missing_key_is_reported_with_who_needs_it() {
    ConfigJson config = config("{}");
    assertRefused(
        () -> config.requiredInt("hidden_size"),
        ": key 'hidden_size' is missing; expected a whole number");
    assertRefused(
        () -> config.requiredBy("a GPTNeoXForCausalLM").requiredPositiveInt("vocab_size"),
        ": key 'vocab_size' is missing; a GPTNeoXForCausalLM requires it");
  }

  @Test
  void numbers_that_are_not_finite_are_shown_as_they_stand_and_refused_where_they_are_read() {
    ConfigJson config = config("{\"a\": NaN, \"b\": -Infinity, \"c\": [1e999], \"n\": 1}");
    assertThat(config.requiredInt("n")).isEqualTo(1);
    assertRefused(() -> config.requiredDouble("a"), ": key 'a' is NaN; expected a number");
    assertRefused(() -> config.positiveOr("b", 1), ": key 'b' is -Infinity; expected a number > 0");
    assertRefused(
        () -> config.intOrInts("c"),
        ": key 'c' is [Infinity]; expected a whole number or a list of them");
    assertRefused(
        () -> config.requiredDoubles("c"), ": key 'c' is [Infinity]; expected a list of numbers");
    assertRefused(() -> config.requiredDoubles("n"), ": key 'n' is 1; expected a list of numbers");
  }

  @Test
  void ranges_are_checked() {
    ConfigJson config = config("{\"zero\": 0, \"minus\": -0.5}");
    assertThat(config.nonNegativeOr("zero", 1)).isZero();
    assertRefused(
        () -> config.requiredPositive("zero"), ": key 'zero' is 0; expected a number > 0");
    assertRefused(
        () -> config.nonNegativeOr("minus", 1), ": key 'minus' is -0.5; expected a number ≥ 0");
  }

  @Test
  void a_value_of_the_wrong_kind_is_shown_with_what_would_be_right() {
    ConfigJson config =
        config(
            """
            {"s": "abc", "n": 2, "minus": -1, "half": 2.5, "whole": 2.0, "big": 3000000000,
             "huge": 1e999, "array": [1, "x"], "object": {"inner": false}}\
            """);
    assertRefused(
        () -> config.requiredPositiveInt("s"), ": key 's' is \"abc\"; expected a whole number > 0");
    assertRefused(
        () -> config.requiredPositiveInt("minus"),
        ": key 'minus' is -1; expected a whole number > 0");
    assertRefused(() -> config.requiredInt("half"), ": key 'half' is 2.5; expected a whole number");
    assertRefused(
        () -> config.intOr("whole", 1),
        ": key 'whole' is 2.0; expected a whole number"
            + ", written without a point or an exponent");
    assertRefused(
        () -> config.intOr("big", 1),
        ": key 'big' is 3000000000; expected a whole number of at most 32 bits");
    assertRefused(() -> config.doubleOr("s", 1), ": key 's' is \"abc\"; expected a number");
    assertRefused(() -> config.booleanOr("n", true), ": key 'n' is 2; expected true or false");
    assertRefused(() -> config.stringOr("n", ""), ": key 'n' is 2; expected a string");
    assertRefused(() -> config.object("n"), ": key 'n' is 2; expected an object");
    assertRefused(() -> config.strings("s"), ": key 's' is \"abc\"; expected a list of strings");
    assertRefused(
        () -> config.strings("array"), ": key 'array' is [1,\"x\"]; expected a list of strings");
    assertRefused(
        () -> config.intOrInts("array"),
        ": key 'array' is [1,\"x\"]; expected a whole number or a list of them");
    assertRefused(
        () -> config.object("object").orElseThrow().requiredDouble("inner"),
        ": key 'object.inner' is false; expected a number");
    assertThatThrownBy(() -> config.requiredDouble("huge"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("key 'huge'");
  }

  @Test
  void a_caller_can_complain_in_the_same_words() {
    ConfigJson config = config("{\"hidden_act\": \"swish\"}");
    assertThat(config.unexpected("hidden_act", "gelu"))
        .hasMessageEndingWith("config.json: key 'hidden_act' is \"swish\"; expected gelu");
    assertThat(config.unexpected("other", "gelu"))
        .hasMessageEndingWith("config.json: key 'other' is missing; expected gelu");
  }

  @Test
  void a_syntax_error_is_reported_with_line_and_column() {
    assertThatThrownBy(() -> config("{\n  \"a\": 1,\n  \"b\" 2\n}"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("config.json:3:7: not valid JSON: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": +1}",
        "{\"a\": 1 /*x*/}",
        "{\"a\": .5}",
        "{\"a\": nul}",
        "{\"a\": [1",
        "{a: 1}"
      })
  void a_syntax_error_comes_without_advice_for_programmers(String json) {
    assertThatThrownBy(() -> config(json))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("config.json:1:")
        .hasMessageContaining("not valid JSON: ")
        .hasMessageNotContainingAny("Feature", "Stream", "Source", "`", "INF");
  }

  @Test
  void limits_of_the_parser_come_without_advice_for_programmers() {
    for (String value : List.of("[".repeat(2000), "9".repeat(2000))) {
      assertThatThrownBy(() -> config("{\"a\": " + value + "}"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("exceeds the maximum allowed (1000)")
          .hasMessageNotContainingAny("Stream", "`");
    }
  }

  @Test
  void files_that_hold_no_single_object_are_refused() {
    assertRefused(() -> config(""), ": is empty; expected a JSON object");
    assertRefused(() -> config("[1]"), ": expected a JSON object, found [1]");
    assertRefused(() -> config("7"), ": expected a JSON object, found 7");
    assertThatThrownBy(() -> config("{} {}"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("not valid JSON");
    assertThatThrownBy(() -> config("{\"a\": 1, \"a\": 2}"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("Duplicate");
    assertThatThrownBy(() -> config("[".repeat(100_000)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("not valid JSON");
  }

  @Test
  void files_that_cannot_be_read_are_refused() {
    assertThatThrownBy(() -> ConfigJson.read(folder.resolve("none.json")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(folder.resolve("none.json") + ": no such file");
    assertThatThrownBy(() -> ConfigJson.read(folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(folder + ": ");
    Path latin =
        TestFiles.write(
            folder.resolve("latin.json"), "{\"a\": \"é\"}".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> ConfigJson.read(latin))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(latin + ": is not valid UTF-8");
  }

  private ConfigJson config(String json) {
    return ConfigJson.read(TestFiles.write(folder.resolve("config.json"), json));
  }

  private void assertRefused(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(folder.resolve("config.json") + message);
  }
}
