package io.github.tralign.djl.chat.jinja;

import com.google.common.collect.ImmutableSet;
import io.github.tralign.djl.chat.jinja.Functions.Callable;
import io.github.tralign.djl.chat.jinja.PythonValues.None;
import io.github.tralign.djl.chat.jinja.PythonValues.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The methods of Python's {@code dict}; those that modify it are rejected, as in jinja2's sandbox.
 */
final class DictMethods {

  private static final ImmutableSet<String> NAMES =
      ImmutableSet.of(
          "clear",
          "copy",
          "fromkeys",
          "get",
          "items",
          "keys",
          "pop",
          "popitem",
          "setdefault",
          "update",
          "values");

  private DictMethods() {}

  static boolean has(String name) {
    return NAMES.contains(name);
  }

  static Callable of(Map<?, ?> map, String name) {
    return (arguments, frame) -> {
      if (name.equals("get")) {
        return get(map, arguments.checked(name, "key", "default"), frame.budget());
      }
      arguments.checked(name);
      if (name.equals("items")) {
        return items(map, frame.budget());
      }
      frame.budget().chargeItems(map.size());
      return switch (name) {
        case "keys" -> new ArrayList<Object>(map.keySet());
        case "values" -> new ArrayList<Object>(map.values());
        case "copy" -> new LinkedHashMap<Object, Object>(map);
        default -> throw JinjaException.unsupported("'" + name + "' of a mapping");
      };
    };
  }

  static List<Object> items(Map<?, ?> map, Budget budget) {
    budget.chargeItems(2L * map.size());
    List<Object> items = new ArrayList<>();
    map.forEach((key, value) -> items.add(Tuple.of(key, value)));
    return items;
  }

  private static Object get(Map<?, ?> map, Arguments arguments, Budget budget) {
    Object value = map.get(PythonComparison.key(arguments.required(0, "key"), budget));
    return value != null ? value : arguments.get(1, "default").orElse(None.NONE);
  }
}
