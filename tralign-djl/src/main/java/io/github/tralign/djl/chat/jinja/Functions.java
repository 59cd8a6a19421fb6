package io.github.tralign.djl.chat.jinja;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions that every template may call. */
final class Functions {

  private static final int MAX_RANGE = 100_000; // that of jinja2's sandbox

  static final ImmutableMap<String, Callable> BY_NAME =
      ImmutableMap.of(
          "range", (arguments, frame) -> range(arguments, frame.budget()),
          "namespace", (arguments, frame) -> namespace(arguments, frame.budget()),
          "dict", (arguments, frame) -> dict(arguments, frame.budget()),
          "raise_exception", (arguments, frame) -> raise(arguments, frame.budget()));

  private Functions() {}

  private static Object raise(Arguments arguments, Budget budget) {
    arguments.of("raise_exception", "message");
    throw TemplateFault.refusal(Python.str(arguments.required(0, "message"), budget));
  }

  private static Object range(Arguments arguments, Budget budget) {
    arguments.of("range", "start", "stop", "step");
    long first = arguments.integer(0, "start", 0);
    boolean one = arguments.positional().size() == 1;
    long from = one ? 0 : first;
    long to = one ? first : arguments.integer(1, "stop", 0);
    long by = arguments.integer(2, "step", 1);
    if (by == 0) {
      throw new TemplateFault("the step of a range must not be 0");
    }
    List<Object> numbers = new ArrayList<>();
    for (long i = from; by > 0 ? i < to : i > to; i = Math.addExact(i, by)) {
      budget.items(1);
      if (numbers.size() == MAX_RANGE) {
        throw new TemplateFault("a range has more than " + MAX_RANGE + " numbers");
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
      throw new TemplateFault("dict takes at most 1 argument in order");
    }
    for (Object from : arguments.positional()) {
      if (!(from instanceof Map<?, ?> entries)) {
        throw TemplateFault.unsupported("dict of a " + Python.typeName(from));
      }
      budget.items(entries.size());
      map.putAll(entries);
    }
    budget.items(arguments.named().size());
    map.putAll(arguments.named());
    return map;
  }
}
