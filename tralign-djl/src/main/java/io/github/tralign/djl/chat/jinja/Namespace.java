package io.github.tralign.djl.chat.jinja;

import java.util.HashMap;
import java.util.Map;

/** What {@code namespace()} makes: the only thing whose attributes a template may set. */
final class Namespace {

  private final Map<String, Object> attributes = new HashMap<>();

  Object get(String name) {
    Object value = attributes.get(name);
    return value == null ? new Undefined("the attribute '" + name + "' of a namespace") : value;
  }

  void set(String name, Object value) {
    if (name.startsWith("_")) {
      throw new TemplateFault("a namespace takes no attribute that begins with '_': " + name);
    }
    attributes.put(name, value);
  }
}
