package io.github.tralign.djl.jinja;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The methods of Python's {@code dict}; those that change it are refused, as in its sandbox. */
final class MapMethods {

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

  private MapMethods() {}

  static boolean has(String name) {
    return NAMES.contains(name);
  }

  static Callable of(Map<?, ?> map, String name) {
    return (arguments, frame) ->
        switch (name) {
          case "keys" -> none(name, arguments, new ArrayList<Object>(map.keySet()));
          case "values" -> none(name, arguments, new ArrayList<Object>(map.values()));
          case "items" -> none(name, arguments, items(map));
          case "copy" -> none(name, arguments, new LinkedHashMap<Object, Object>(map));
          case "get" -> get(map, arguments.of(name, "key", "default"));
          default -> throw TemplateFault.unsupported("'" + name + "' of a map");
        };
  }

  static List<Object> items(Map<?, ?> map) {
    List<Object> items = new ArrayList<>();
    map.forEach((key, value) -> items.add(Tuple.of(key, value)));
    return items;
  }

  private static Object none(String name, Arguments arguments, Object value) {
    arguments.of(name);
    return value;
  }

  private static Object get(Map<?, ?> map, Arguments arguments) {
    Object value = map.get(arguments.required(0, "key"));
    return value != null ? value : arguments.get(1, "default").orElse(None.NONE);
  }
}
