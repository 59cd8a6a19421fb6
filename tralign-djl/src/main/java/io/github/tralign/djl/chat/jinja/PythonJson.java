package io.github.tralign.djl.chat.jinja;

import io.github.tralign.djl.chat.jinja.PythonValues.None;
import io.github.tralign.djl.chat.jinja.PythonValues.Tuple;
import io.github.tralign.djl.chat.jinja.PythonValues.Undefined;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Writes values as Python's {@code json.dumps} does.
 *
 * @param indent the indentation of each level; empty for a single line
 * @param itemSeparator between items
 * @param keySeparator between key and value
 * @param ascii whether non-ASCII characters are escaped
 * @param sorted whether keys are sorted
 */
record PythonJson(
    java.util.Optional<String> indent,
    String itemSeparator,
    String keySeparator,
    boolean ascii,
    boolean sorted) {

  String write(Object value, Budget budget) {
    TextBuilder to = new TextBuilder(budget);
    append(value, 0, to);
    return to.build();
  }

  private void append(Object value, int depth, TextBuilder to) {
    if (value instanceof String text) {
      to.append(quoted(text, to.budget()));
    } else if (value instanceof Boolean || Python.isWhole(value)) {
      to.append(value.toString());
    } else if (value instanceof Double number) {
      to.append(number(number, to.budget()));
    } else if (value == None.NONE) {
      to.append("null");
    } else if (value instanceof List<?> list) {
      items(list, Budget.deeper(depth), to);
    } else if (value instanceof Tuple tuple) {
      items(tuple.items(), Budget.deeper(depth), to);
    } else if (value instanceof Map<?, ?> map) {
      entries(map, Budget.deeper(depth), to);
    } else if (value instanceof Undefined undefined) {
      throw undefined.error();
    } else {
      throw new JinjaException(Python.typeName(value) + " cannot be written as JSON");
    }
  }

  private static String number(double number, Budget budget) {
    return Double.isNaN(number)
        ? "NaN"
        : Double.isInfinite(number)
            ? (number > 0 ? "Infinity" : "-Infinity")
            : Python.decimal(number, budget);
  }

  private void items(List<?> items, int depth, TextBuilder to) {
    to.append("[");
    for (int i = 0; i < items.size(); i++) {
      to.append(i == 0 ? "" : itemSeparator);
      newLine(depth, to);
      append(items.get(i), depth, to);
    }
    if (!items.isEmpty()) {
      newLine(depth - 1, to);
    }
    to.append("]");
  }

  private void entries(Map<?, ?> map, int depth, TextBuilder to) {
    Budget budget = to.budget();
    budget.chargeItems(map.size());
    List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
    if (sorted) {
      entries.sort((a, b) -> PythonComparison.compare(a.getKey(), b.getKey(), budget));
    }
    to.append("{");
    for (int i = 0; i < entries.size(); i++) {
      to.append(i == 0 ? "" : itemSeparator);
      newLine(depth, to);
      to.append(quoted(key(entries.get(i).getKey(), budget), budget));
      to.append(keySeparator);
      append(entries.get(i).getValue(), depth, to);
    }
    if (!entries.isEmpty()) {
      newLine(depth - 1, to);
    }
    to.append("}");
  }

  private String key(Object key, Budget budget) {
    if (key instanceof String text) {
      return text;
    } else if (Python.isNumber(key) || Python.isWhole(key) || key == None.NONE) {
      return write(key, budget);
    }
    throw new JinjaException(Python.typeName(key) + " cannot be a key in JSON");
  }

  private void newLine(int depth, TextBuilder to) {
    indent.ifPresent(unit -> to.append("\n").append(unit, depth));
  }

  private String quoted(String text, Budget budget) {
    budget.charge(text.length());
    StringBuilder to = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> to.append("\\\"");
        case '\\' -> to.append("\\\\");
        case '\n' -> to.append("\\n");
        case '\r' -> to.append("\\r");
        case '\t' -> to.append("\\t");
        case '\f' -> to.append("\\f");
        case '\b' -> to.append("\\b");
        default -> {
          if (c < 0x20 || (ascii && c > 0x7e)) {
            to.append("\\u").append(HexFormat.of().toHexDigits(c));
          } else {
            to.append(c);
          }
        }
      }
    }
    return to.append('"').toString();
  }
}
