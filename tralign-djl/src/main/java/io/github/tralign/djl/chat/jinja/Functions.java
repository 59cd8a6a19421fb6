package io.github.tralign.djl.chat.jinja;

import com.google.common.collect.ImmutableMap;
import io.github.tralign.djl.chat.jinja.PythonValues.Namespace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The global functions of templates. */
final class Functions {

  private static final int MAX_RANGE = 100_000; // the limit of jinja2's sandbox

  static final ImmutableMap<String, Callable> BY_NAME =
      ImmutableMap.of(
          "range", (arguments, frame) -> range(arguments, frame.budget()),
          "namespace", (arguments, frame) -> namespace(arguments, frame.budget()),
          "dict", (arguments, frame) -> dict(arguments, frame.budget()),
          "raise_exception", (arguments, frame) -> raise(arguments, frame.budget()));

  private Functions() {}

  private static Object raise(Arguments arguments, Budget budget) {
    arguments.checked("raise_exception", "message");
    throw JinjaException.raised(Python.str(arguments.required(0, "message"), budget));
  }

  private static Object range(Arguments arguments, Budget budget) {
    arguments.checked("range", "start", "stop", "step");
    long first = arguments.integer(0, "start", 0);
    boolean one = arguments.positional().size() == 1;
    long from = one ? 0 : first;
    long to = one ? first : arguments.integer(1, "stop", 0);
    long by = arguments.integer(2, "step", 1);
    if (by == 0) {
      throw new JinjaException("the step of a range must not be 0");
    }
    List<Object> numbers = new ArrayList<>();
    for (long i = from; by > 0 ? i < to : i > to; i = Math.addExact(i, by)) {
      budget.chargeItems(1);
      if (numbers.size() == MAX_RANGE) {
        throw new JinjaException("a range has more than " + MAX_RANGE + " numbers");
      }
      numbers.add(i);
    }
    return numbers;
  }

  private static Object namespace(Arguments arguments, Budget budget) {
    Namespace namespace = new Namespace();
    dict(arguments, budget)
        .forEach((name, value) -> namespace.set(Python.str(name, budget), value));
    return namespace;
  }

  private static Map<Object, Object> dict(Arguments arguments, Budget budget) {
    Map<Object, Object> map = new LinkedHashMap<>();
    if (arguments.positional().size() > 1) {
      throw new JinjaException("dict takes at most 1 positional argument");
    }
    for (Object from : arguments.positional()) {
      if (!(from instanceof Map<?, ?> entries)) {
        throw JinjaException.unsupported("dict of " + Python.typeName(from));
      }
      budget.chargeItems(entries.size());
      map.putAll(entries);
    }
    budget.chargeItems(arguments.named().size());
    map.putAll(arguments.named());
    return map;
  }

  /** A function, a method of a value, or a macro. */
  @FunctionalInterface
  interface Callable {
    Object call(Arguments arguments, Frame frame);
  }
}
