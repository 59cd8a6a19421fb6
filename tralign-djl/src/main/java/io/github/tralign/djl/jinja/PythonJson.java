package io.github.tralign.djl.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A value as Python's {@code json.dumps} writes it.
 *
 * @param indent what each level is indented by; empty for one line
 * @param itemSeparator between items
 * @param keySeparator between key and value
 * @param ascii whether other characters are escaped
 * @param sorted whether keys are sorted
 */
record PythonJson(
    java.util.Optional<String> indent,
    String itemSeparator,
    String keySeparator,
    boolean ascii,
    boolean sorted) {

  String write(Object value) {
    StringBuilder to = new StringBuilder();
    append(value, 1, to);
    return to.toString();
  }

  private void append(Object value, int depth, StringBuilder to) {
    if (depth > Frame.MAX_DEPTH) {
      throw new TemplateFault("a value is nested too deeply for JSON");
    }
    if (value instanceof String text) {
      quote(text, to);
    } else if (value instanceof Boolean) {
      to.append(value);
    } else if (Python.isWhole(value)) {
      to.append(value);
    } else if (value instanceof Double number) {
      to.append(number(number));
    } else if (value == None.NONE) {
      to.append("null");
    } else if (value instanceof List<?> list) {
      items(list, depth, to);
    } else if (value instanceof Tuple tuple) {
      items(tuple.items(), depth, to);
    } else if (value instanceof Map<?, ?> map) {
      entries(map, depth, to);
    } else if (value instanceof Undefined undefined) {
      throw undefined.fault();
    } else {
      throw new TemplateFault("a " + Python.typeName(value) + " cannot be written as JSON");
    }
  }

  private static String number(double number) {
    return Double.isNaN(number)
        ? "NaN"
        : Double.isInfinite(number)
            ? (number > 0 ? "Infinity" : "-Infinity")
            : Python.decimal(number);
  }

  private void items(List<?> items, int depth, StringBuilder to) {
    to.append('[');
    for (int i = 0; i < items.size(); i++) {
      to.append(i == 0 ? "" : itemSeparator);
      newLine(depth, to);
      append(items.get(i), depth + 1, to);
    }
    if (!items.isEmpty()) {
      newLine(depth - 1, to);
    }
    to.append(']');
  }

  private void entries(Map<?, ?> map, int depth, StringBuilder to) {
    List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
    if (sorted) {
      entries.sort(Comparator.comparing(Map.Entry::getKey, Python::compare));
    }
    to.append('{');
    for (int i = 0; i < entries.size(); i++) {
      to.append(i == 0 ? "" : itemSeparator);
      newLine(depth, to);
      quote(key(entries.get(i).getKey()), to);
      to.append(keySeparator);
      append(entries.get(i).getValue(), depth + 1, to);
    }
    if (!entries.isEmpty()) {
      newLine(depth - 1, to);
    }
    to.append('}');
  }

  private String key(Object key) {
    if (key instanceof String text) {
      return text;
    } else if (Python.isNumber(key) || Python.isWhole(key) || key == None.NONE) {
      return write(key);
    }
    throw new TemplateFault("a " + Python.typeName(key) + " is no key for JSON");
  }

  private void newLine(int depth, StringBuilder to) {
    indent.ifPresent(unit -> to.append('\n').append(unit.repeat(depth)));
  }

  private void quote(String text, StringBuilder to) {
    to.append('"');
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
            to.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            to.append(c);
          }
        }
      }
    }
    to.append('"');
  }
}
