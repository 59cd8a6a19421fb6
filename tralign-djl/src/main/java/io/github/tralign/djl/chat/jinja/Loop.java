package io.github.tralign.djl.chat.jinja;

import io.github.tralign.djl.chat.jinja.Functions.Callable;
import io.github.tralign.djl.chat.jinja.PythonValues.Undefined;
import java.util.List;

/** The variable {@code loop} in the body of a loop. */
final class Loop {

  private final List<Object> items;
  private final int depth;
  private int index;

  Loop(List<Object> items, int depth) {
    this.items = items;
    this.depth = depth;
  }

  void at(int place) {
    index = place;
  }

  int depth() {
    return depth;
  }

  Object get(String name) {
    return switch (name) {
      case "index" -> index + 1L;
      case "index0" -> (long) index;
      case "revindex" -> (long) items.size() - index;
      case "revindex0" -> items.size() - index - 1L;
      case "first" -> index == 0;
      case "last" -> index == items.size() - 1;
      case "length" -> (long) items.size();
      case "depth" -> depth + 1L;
      case "depth0" -> (long) depth;
      case "previtem" -> item(index - 1, name);
      case "nextitem" -> item(index + 1, name);
      case "cycle" -> (Callable) this::cycle;
      default -> throw JinjaException.unsupported("'loop." + name + "'");
    };
  }

  private Object item(int place, String name) {
    return place >= 0 && place < items.size()
        ? items.get(place)
        : new Undefined("'loop." + name + "'");
  }

  private Object cycle(Arguments arguments, Frame frame) {
    List<Object> values = arguments.positional();
    if (values.isEmpty()) {
      throw new JinjaException("loop.cycle requires a value");
    }
    return values.get(index % values.size());
  }
}
