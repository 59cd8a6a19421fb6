package io.github.tralign.djl.jinja;

import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Map;

/** What a template reads of a value: {@code value.name} and {@code value[index]}. */
final class Attributes {

  /** Methods of Python's lists: those that are here, those that a sandbox refuses, the rest. */
  private static final ImmutableSet<String> OF_LISTS =
      ImmutableSet.of(
          "append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove",
          "reverse", "sort");

  private Attributes() {}

  /** {@code value.name}: an attribute, else the item of that name, else undefined. */
  static Object attribute(Object value, String name) {
    if (name.startsWith("__")) {
      throw new TemplateFault("'" + name + "' is not for templates");
    } else if (value instanceof Map<?, ?> map) {
      return MapMethods.has(name) ? MapMethods.of(map, name) : item(map, name);
    } else if (value instanceof String text) {
      return TextMethods.has(name) ? TextMethods.of(text, name) : missing(value, name);
    } else if (value instanceof Namespace namespace) {
      return namespace.get(name);
    } else if (value instanceof Loop loop) {
      return loop.get(name);
    } else if (value instanceof Undefined undefined) {
      throw undefined.fault();
    } else if (value instanceof List<?> && OF_LISTS.contains(name)) {
      throw TemplateFault.unsupported("'" + name + "' of a list");
    }
    return missing(value, name);
  }

  /** {@code value[index]}: an item, else the attribute of that name, else undefined. */
  static Object item(Object value, Object index) {
    if (value instanceof Map<?, ?> map) {
      Object item = map.get(index);
      return item != null
          ? item
          : index instanceof String name && MapMethods.has(name)
              ? MapMethods.of(map, name)
              : missing(value, index);
    } else if (value instanceof Undefined undefined) {
      throw undefined.fault();
    } else if (index instanceof String name) {
      return attribute(value, name);
    } else if (value instanceof String || value instanceof List<?> || value instanceof Tuple) {
      return index instanceof Long || index instanceof Boolean
          ? at(Python.iterate(value), Python.toLong(index), value, index)
          : missing(value, index);
    }
    return missing(value, index);
  }

  private static Object at(List<Object> items, long index, Object value, Object given) {
    long place = index < 0 ? index + items.size() : index;
    return place >= 0 && place < items.size() ? items.get((int) place) : missing(value, given);
  }

  private static Undefined missing(Object value, Object name) {
    return new Undefined(Python.repr(name) + " of a " + Python.typeName(value));
  }
}
