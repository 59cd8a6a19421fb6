package io.github.tralign.djl.chat.jinja;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.djl.chat.jinja.Functions.Callable;
import io.github.tralign.djl.chat.jinja.Operators.Operator;
import io.github.tralign.djl.chat.jinja.PythonValues.None;
import io.github.tralign.djl.chat.jinja.PythonValues.Tuple;
import io.github.tralign.djl.chat.jinja.PythonValues.Undefined;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** Jinja2's tests, which follow {@code is}. */
final class FilterTests {

  /** A test of a value. */
  interface Test {
    boolean holds(Object value, Arguments arguments, Budget budget);
  }

  private static final ImmutableMap<String, Test> BY_NAME =
      ImmutableMap.<String, Test>builder()
          .put("defined", of(value -> !(value instanceof Undefined)))
          .put("undefined", of(Undefined.class::isInstance))
          .put("none", of(value -> value == None.NONE))
          .put("boolean", of(Boolean.class::isInstance))
          .put("true", of(Boolean.TRUE::equals))
          .put("false", of(Boolean.FALSE::equals))
          .put("string", of(String.class::isInstance))
          .put("number", of(value -> Python.isNumber(value) || Python.isWhole(value)))
          .put("integer", of(Python::isWhole))
          .put("float", of(Double.class::isInstance))
          .put("mapping", of(Map.class::isInstance))
          .put("sequence", of(value -> isText(value) || isCollection(value)))
          .put("iterable", of(value -> isText(value) || isCollection(value) || isUndefined(value)))
          .put("callable", of(Callable.class::isInstance))
          .put("odd", of(value -> Math.floorMod(integer(value), 2L) == 1))
          .put("even", of(value -> Math.floorMod(integer(value), 2L) == 0))
          .put("lower", ofText(FilterTests::isLower))
          .put("upper", ofText(FilterTests::isUpper))
          .put("divisibleby", with((value, by, budget) -> integer(value) % integer(by) == 0))
          .put("in", with((value, all, budget) -> PythonComparison.contains(all, value, budget)))
          .put("sameas", with((value, other, budget) -> isSame(value, other)))
          .put("eq", with(Operators.comparison("==")))
          .put("equalto", with(Operators.comparison("==")))
          .put("==", with(Operators.comparison("==")))
          .put("ne", with(Operators.comparison("!=")))
          .put("!=", with(Operators.comparison("!=")))
          .put("lt", with(Operators.comparison("<")))
          .put("lessthan", with(Operators.comparison("<")))
          .put("le", with(Operators.comparison("<=")))
          .put("gt", with(Operators.comparison(">")))
          .put("greaterthan", with(Operators.comparison(">")))
          .put("ge", with(Operators.comparison(">=")))
          .buildOrThrow();

  private FilterTests() {}

  static Test named(String name, int line) {
    Test test = BY_NAME.get(name);
    if (test == null) {
      throw JinjaException.unsupported("the test '" + name + "'").at(line);
    }
    return test;
  }

  private static Test of(Predicate<Object> holds) {
    return (value, arguments, budget) -> {
      arguments.checked("the test");
      return holds.test(value);
    };
  }

  private static Test ofText(Predicate<String> holds) {
    return (value, arguments, budget) -> {
      arguments.checked("the test");
      String text = Python.str(value, budget);
      budget.charge(2L * text.length());
      return holds.test(text);
    };
  }

  private static Test with(Operator holds) {
    return (value, arguments, budget) ->
        Python.isTruthy(
            holds.apply(
                value, arguments.checked("the test", "other").required(0, "other"), budget));
  }

  private static boolean isText(Object value) {
    return value instanceof String;
  }

  private static boolean isUndefined(Object value) {
    return value instanceof Undefined;
  }

  private static boolean isCollection(Object value) {
    return value instanceof List<?> || value instanceof Map<?, ?> || value instanceof Tuple;
  }

  private static long integer(Object value) {
    return Python.requireInteger(value, "the dividend or divisor");
  }

  private static boolean isSame(Object value, Object other) {
    if (value instanceof Boolean || value instanceof None) {
      return value.equals(other);
    }
    throw JinjaException.unsupported("'sameas' of " + Python.typeName(value));
  }

  private static boolean isLower(String text) {
    return text.equals(text.toLowerCase(Locale.ROOT)) && text.chars().anyMatch(Character::isLetter);
  }

  private static boolean isUpper(String text) {
    return text.equals(text.toUpperCase(Locale.ROOT)) && text.chars().anyMatch(Character::isLetter);
  }
}
