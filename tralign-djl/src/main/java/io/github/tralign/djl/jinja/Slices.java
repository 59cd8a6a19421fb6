package io.github.tralign.djl.jinja;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/** Parts of texts and lists, as in {@code messages[1:]}. */
final class Slices {

  private Slices() {}

  static Object slice(Object of, Object from, Object to, Object step) {
    if (of instanceof String || of instanceof List<?> || of instanceof Tuple) {
      List<Object> picked = pick(Python.iterate(of), from, to, step);
      if (of instanceof String) {
        return String.join("", picked.stream().map(String.class::cast).toList());
      }
      return of instanceof Tuple ? new Tuple(ImmutableList.copyOf(picked)) : picked;
    } else if (of instanceof Undefined undefined) {
      throw undefined.fault();
    }
    throw TemplateFault.unsupported("a slice of a " + Python.typeName(of));
  }

  private static List<Object> pick(List<Object> items, Object from, Object to, Object step) {
    long by = step == None.NONE ? 1 : Python.requireInteger(step, "the step of a slice");
    if (by == 0) {
      throw new TemplateFault("the step of a slice must not be 0");
    }
    int size = items.size();
    long lowest = by > 0 ? 0 : -1;
    long highest = by > 0 ? size : size - 1;
    long first = bound(from, by > 0 ? lowest : highest, size, lowest, highest);
    long last = bound(to, by > 0 ? highest : lowest, size, lowest, highest);
    List<Object> picked = new ArrayList<>();
    for (long i = first; by > 0 ? i < last : i > last; i += by) {
      picked.add(items.get((int) i));
    }
    return picked;
  }

  private static long bound(Object given, long otherwise, int size, long lowest, long highest) {
    if (given == None.NONE) {
      return otherwise;
    }
    long index = Python.requireInteger(given, "the bound of a slice");
    return Math.max(lowest, Math.min(highest, index < 0 ? index + size : index));
  }
}
