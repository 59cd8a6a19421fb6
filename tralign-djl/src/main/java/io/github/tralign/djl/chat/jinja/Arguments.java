package io.github.tralign.djl.chat.jinja;

import io.github.tralign.djl.chat.jinja.PythonValues.None;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The arguments of a call, positional and named. */
record Arguments(List<Object> positional, Map<String, Object> named) {

  /** Most arguments of a call, and most parameters of a macro. */
  static final int MAX = 250;

  static JinjaException tooMany() {
    return new JinjaException("a call or macro can have at most " + MAX + " arguments");
  }

  /**
   * Checks that a function has parameters for all arguments; {@code names} are its parameters in
   * order.
   */
  Arguments checked(String function, String... names) {
    if (positional.size() > names.length) {
      throw new JinjaException(
          function + " takes at most " + names.length + " argument(s), not " + positional.size());
    }
    List<String> known = Arrays.asList(names);
    for (String name : named.keySet()) {
      int index = known.indexOf(name);
      if (index < 0 || index < positional.size()) {
        throw new JinjaException(function + " has no parameter '" + name + "', or it is set twice");
      }
    }
    return this;
  }

  /** The value of a parameter, by its position or its name. */
  Optional<Object> get(int index, String name) {
    return index < positional.size()
        ? Optional.of(positional.get(index))
        : Optional.ofNullable(named.get(name));
  }

  Object required(int index, String name) {
    return get(index, name)
        .orElseThrow(() -> new JinjaException("the argument '" + name + "' is missing"));
  }

  String text(int index, String name) {
    return Python.requireText(required(index, name), "the argument '" + name + "'");
  }

  Optional<String> optionalText(int index, String name) {
    return get(index, name)
        .filter(value -> value != None.NONE)
        .map(value -> Python.requireText(value, "the argument '" + name + "'"));
  }

  boolean bool(int index, String name, boolean fallback) {
    return get(index, name).map(Python::isTruthy).orElse(fallback);
  }

  long integer(int index, String name, long fallback) {
    return get(index, name)
        .map(value -> Python.requireInteger(value, "the argument '" + name + "'"))
        .orElse(fallback);
  }
}
