package io.github.tralign.djl.chat.jinja;

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
    return (arguments, frame) -> {
      if (name.equals("get")) {
        return get(map, arguments.of(name, "key", "default"), frame.budget());
      }
      arguments.of(name);
      if (name.equals("items")) {
        return items(map, frame.budget());
      }
      frame.budget().items(map.size());
      return switch (name) {
        case "keys" -> new ArrayList<Object>(map.keySet());
        case "values" -> new ArrayList<Object>(map.values());
        case "copy" -> new LinkedHashMap<Object, Object>(map);
        default -> throw TemplateFault.unsupported("'" + name + "' of a map");
      };
    };
  }

  static List<Object> items(Map<?, ?> map, Budget budget) {
    budget.items(2L * map.size());
    List<Object> items = new ArrayList<>();
    map.forEach((key, value) -> items.add(Tuple.of(key, value)));
    return items;
  }

  private static Object get(Map<?, ?> map, Arguments arguments, Budget budget) {
    Object value = map.get(PythonComparison.key(arguments.required(0, "key"), budget));
    return value != null ? value : arguments.get(1, "default").orElse(None.NONE);
  }
}
