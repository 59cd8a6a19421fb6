package io.github.tralign.djl.chat.jinja;

import com.google.common.collect.ImmutableList;
import io.github.tralign.djl.chat.jinja.PythonValues.None;
import io.github.tralign.djl.chat.jinja.PythonValues.Tuple;
import io.github.tralign.djl.chat.jinja.PythonValues.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Slices of strings, lists and tuples, as in {@code messages[1:]}. */
final class Slices {

  private Slices() {}

  static Object slice(Object of, Object from, Object to, Object step, Budget budget) {
    if (of instanceof String text) {
      return text(text, from, to, step, budget);
    } else if (of instanceof Tuple tuple) {
      return new Tuple(ImmutableList.copyOf(pick(tuple.items(), from, to, step, budget)));
    } else if (of instanceof List<?> list) {
      return pick(list, from, to, step, budget);
    } else if (of instanceof Undefined undefined) {
      throw undefined.error();
    }
    throw JinjaException.unsupported("a slice of " + Python.typeName(of));
  }

  private static String text(String text, Object from, Object to, Object step, Budget budget) {
    budget.charge(text.length());
    int[] characters = text.codePoints().toArray();
    PrimitiveIterator.OfInt places = places(characters.length, from, to, step).iterator();
    StringBuilder picked = new StringBuilder();
    while (places.hasNext()) {
      picked.appendCodePoint(characters[places.nextInt()]);
    }
    budget.charge(picked.length());
    return picked.toString();
  }

  private static List<Object> pick(
      List<?> items, Object from, Object to, Object step, Budget budget) {
    List<Object> picked = new ArrayList<>();
    places(items.size(), from, to, step)
        .forEach(
            place -> {
              budget.chargeItems(1);
              picked.add(items.get(place));
            });
    return picked;
  }

  private static IntStream places(int size, Object from, Object to, Object step) {
    long given = step == None.NONE ? 1 : Python.requireInteger(step, "the step of a slice");
    if (given == 0) {
      throw new JinjaException("the step of a slice must not be 0");
    }
    long by = Math.max(-size - 1L, Math.min(size + 1L, given)); // a longer step has the same effect
    long lowest = by > 0 ? 0 : -1;
    long highest = by > 0 ? size : size - 1;
    long first = bound(from, by > 0 ? lowest : highest, size, lowest, highest);
    long last = bound(to, by > 0 ? highest : lowest, size, lowest, highest);
    return LongStream.iterate(first, i -> by > 0 ? i < last : i > last, i -> i + by)
        .mapToInt(Math::toIntExact);
  }

  private static long bound(Object given, long otherwise, int size, long lowest, long highest) {
    if (given == None.NONE) {
      return otherwise;
    }
    long index = Python.requireInteger(given, "the bound of a slice");
    return Math.max(lowest, Math.min(highest, index < 0 ? index + size : index));
  }
}
