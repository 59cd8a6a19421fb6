package io.github.tralign.djl.jinja;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** What may stand behind {@code is}: jinja2's tests. */
final class FilterTests {

  /** A question about a value. */
  interface Test {
    boolean holds(Object value, Arguments arguments);
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
          .put("lower", of(value -> isLower(Python.str(value))))
          .put("upper", of(value -> isUpper(Python.str(value))))
          .put("divisibleby", with((value, by) -> integer(value) % integer(by) == 0))
          .put("in", with((value, collection) -> Python.contains(collection, value)))
          .put("sameas", with((value, other) -> isSame(value, other)))
          .put("eq", with(Python::equal))
          .put("equalto", with(Python::equal))
          .put("==", with(Python::equal))
          .put("ne", with((value, other) -> !Python.equal(value, other)))
          .put("!=", with((value, other) -> !Python.equal(value, other)))
          .put("lt", with((value, other) -> Python.compare(value, other) < 0))
          .put("lessthan", with((value, other) -> Python.compare(value, other) < 0))
          .put("le", with((value, other) -> Python.compare(value, other) <= 0))
          .put("gt", with((value, other) -> Python.compare(value, other) > 0))
          .put("greaterthan", with((value, other) -> Python.compare(value, other) > 0))
          .put("ge", with((value, other) -> Python.compare(value, other) >= 0))
          .buildOrThrow();

  private FilterTests() {}

  static Test named(String name, int line) {
    Test test = BY_NAME.get(name);
    if (test == null) {
      throw TemplateFault.unsupported("the test '" + name + "'").at(line);
    }
    return test;
  }

  private static Test of(Predicate<Object> holds) {
    return (value, arguments) -> {
      arguments.of("the test");
      return holds.test(value);
    };
  }

  private static Test with(BiPredicate<Object, Object> holds) {
    return (value, arguments) ->
        holds.test(value, arguments.of("the test", "other").required(0, "other"));
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
    return Python.requireInteger(value, "what is divided");
  }

  private static boolean isSame(Object value, Object other) {
    if (value instanceof Boolean || value instanceof None) {
      return value.equals(other);
    }
    throw TemplateFault.unsupported("'sameas' of a " + Python.typeName(value));
  }

  private static boolean isLower(String text) {
    return text.equals(text.toLowerCase(Locale.ROOT)) && text.chars().anyMatch(Character::isLetter);
  }

  private static boolean isUpper(String text) {
    return text.equals(text.toUpperCase(Locale.ROOT)) && text.chars().anyMatch(Character::isLetter);
  }
}
