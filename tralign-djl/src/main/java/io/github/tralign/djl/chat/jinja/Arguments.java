package io.github.tralign.djl.chat.jinja;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a call passes, in order and by name. */
record Arguments(List<Object> positional, Map<String, Object> named) {

  /** Of one call, and parameters of one macro. */
  static final int MAX = 250;

  static TemplateFault tooMany() {
    return new TemplateFault("a call or a macro takes at most " + MAX + " arguments");
  }

  /** Refuses more than a function knows; {@code names} are its parameters in order. */
  Arguments of(String function, String... names) {
    if (positional.size() > names.length) {
      throw new TemplateFault(
          function + " takes at most " + names.length + " argument(s), not " + positional.size());
    }
    List<String> known = Arrays.asList(names);
    for (String name : named.keySet()) {
      int index = known.indexOf(name);
      if (index < 0 || index < positional.size()) {
        throw new TemplateFault(function + " takes no (further) argument '" + name + "'");
      }
    }
    return this;
  }

  /** The value of a parameter, by its place or its name. */
  Optional<Object> get(int index, String name) {
    return index < positional.size()
        ? Optional.of(positional.get(index))
        : Optional.ofNullable(named.get(name));
  }

  Object required(int index, String name) {
    return get(index, name)
        .orElseThrow(() -> new TemplateFault("the argument '" + name + "' is missing"));
  }

  String text(int index, String name) {
    return Python.requireText(required(index, name), "the argument '" + name + "'");
  }

  Optional<String> optionalText(int index, String name) {
    return get(index, name)
        .filter(value -> value != None.NONE)
        .map(value -> Python.requireText(value, "the argument '" + name + "'"));
  }

  boolean truth(int index, String name, boolean otherwise) {
    return get(index, name).map(Python::truth).orElse(otherwise);
  }

  long integer(int index, String name, long otherwise) {
    return get(index, name)
        .map(value -> Python.requireInteger(value, "the argument '" + name + "'"))
        .orElse(otherwise);
  }
}
