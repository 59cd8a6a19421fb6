package io.github.tralign.djl.chat.jinja;

import com.google.common.collect.ImmutableSet;
import io.github.tralign.djl.chat.jinja.PythonValues.Namespace;
import io.github.tralign.djl.chat.jinja.PythonValues.Tuple;
import io.github.tralign.djl.chat.jinja.PythonValues.Undefined;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Attributes and items of values: {@code value.name} and {@code value[index]}. */
final class Attributes {

  /** Methods of Python's lists, none of which is supported. */
  private static final ImmutableSet<String> OF_LISTS =
      ImmutableSet.of(
          "append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove",
          "reverse", "sort");

  private Attributes() {}

  /** {@code value.name}: the attribute, else the item of that name, else undefined. */
  static Object attribute(Object value, String name, Budget budget) {
    if (name.startsWith("__")) {
      throw new JinjaException("'" + name + "' is not accessible to templates");
    } else if (value instanceof Map<?, ?> map) {
      return DictMethods.has(name) ? DictMethods.of(map, name) : item(map, name, budget);
    } else if (value instanceof String text) {
      return StringMethods.has(name) ? StringMethods.of(text, name) : missing(value, name, budget);
    } else if (value instanceof Namespace namespace) {
      return namespace.get(name);
    } else if (value instanceof Loop loop) {
      return loop.get(name);
    } else if (value instanceof Undefined undefined) {
      throw undefined.error();
    } else if (value instanceof List<?> && OF_LISTS.contains(name)) {
      throw JinjaException.unsupported("'" + name + "' of a list");
    }
    return missing(value, name, budget);
  }

  /** {@code value[index]}: the item, else the attribute of that name, else undefined. */
  static Object item(Object value, Object index, Budget budget) {
    if (value instanceof Map<?, ?> map) {
      Object item =
          PythonComparison.isScalar(index) ? map.get(PythonComparison.key(index, budget)) : null;
      return item != null
          ? item
          : index instanceof String name && DictMethods.has(name)
              ? DictMethods.of(map, name)
              : missing(value, index, budget);
    } else if (value instanceof Undefined undefined) {
      throw undefined.error();
    } else if (index instanceof String name) {
      return attribute(value, name, budget);
    } else if (index instanceof Long || index instanceof Boolean) {
      return at(value, Python.toLong(index), budget).orElseGet(() -> missing(value, index, budget));
    }
    return missing(value, index, budget);
  }

  private static Optional<Object> at(Object value, long index, Budget budget) {
    if (value instanceof String text) {
      long length = Python.length(text, budget);
      long place = index < 0 ? index + length : index;
      return place >= 0 && place < length
          ? Optional.of(
              Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) place))))
          : Optional.empty();
    }
    List<?> items =
        value instanceof Tuple tuple
            ? tuple.items()
            : value instanceof List<?> list ? list : List.of();
    long place = index < 0 ? index + items.size() : index;
    return place >= 0 && place < items.size()
        ? Optional.of(items.get((int) place))
        : Optional.empty();
  }

  private static Undefined missing(Object value, Object name, Budget budget) {
    budget.chargeItems(1);
    String shown =
        name instanceof String text
            ? Python.repr(JinjaException.shortened(text, 80), budget)
            : PythonComparison.isScalar(name) ? Python.repr(name, budget) : Python.typeName(name);
    return new Undefined(shown + " of " + Python.typeName(value));
  }
}
