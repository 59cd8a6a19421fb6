package io.github.tralign.djl.jinja;

import com.google.common.collect.ImmutableList;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Python thinks of the values that templates handle: {@link String}, {@link Long}, {@link
 * BigInteger} (beyond 64 bits; compared for equality and printed only), {@link Double}, {@link
 * Boolean}, {@link None}, {@link Undefined}, {@link List}, {@link Tuple}, {@link Map} and {@link
 * Namespace}. Texts are counted and cut in code points.
 */
final class Python {

  private Python() {}

  /** A value of Java as one that templates handle; collections are copied. */
  static Object from(@Nullable Object value) {
    if (value == null) {
      return None.NONE;
    } else if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    } else if (value instanceof BigInteger whole) {
      return whole.bitLength() < Long.SIZE ? (Object) whole.longValue() : whole;
    } else if (value instanceof Float || value instanceof BigDecimal) {
      return ((Number) value).doubleValue();
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> copy = new LinkedHashMap<>();
      map.forEach((key, each) -> copy.put(from(key), from(each)));
      return copy;
    } else if (value instanceof Iterable<?> each) {
      List<Object> copy = new ArrayList<>();
      each.forEach(item -> copy.add(from(item)));
      return copy;
    } else if (value instanceof String
        || value instanceof Long
        || value instanceof Double
        || value instanceof Boolean
        || value instanceof None) {
      return value;
    }
    throw new TemplateFault("a template reads no " + value.getClass().getSimpleName());
  }

  static boolean truth(Object value) {
    if (value instanceof Boolean truth) {
      return truth;
    } else if (value instanceof String text) {
      return !text.isEmpty();
    } else if (value instanceof Long number) {
      return number != 0;
    } else if (value instanceof Double number) {
      return number != 0;
    } else if (value instanceof List<?> list) {
      return !list.isEmpty();
    } else if (value instanceof Tuple tuple) {
      return !tuple.items().isEmpty();
    } else if (value instanceof Map<?, ?> map) {
      return !map.isEmpty();
    }
    return !(value instanceof None || value instanceof Undefined); // a big number is never 0
  }

  /** {@code str(value)}: what is printed. */
  static String str(Object value) {
    return value instanceof String text ? text : value instanceof Undefined ? "" : repr(value);
  }

  /** {@code repr(value)}: how a value looks inside a printed list. */
  static String repr(Object value) {
    StringBuilder to = new StringBuilder();
    repr(value, to, 0);
    return to.toString();
  }

  private static void repr(Object value, StringBuilder to, int depth) {
    if (depth > Frame.MAX_DEPTH) {
      throw new TemplateFault("a value is nested too deeply to be printed");
    }
    if (value instanceof String text) {
      Quoted.append(text, to);
    } else if (value instanceof Boolean truth) {
      to.append(truth ? "True" : "False");
    } else if (isWhole(value) || value instanceof None) {
      to.append(value);
    } else if (value instanceof Double number) {
      to.append(decimal(number));
    } else if (value instanceof List<?> list) {
      items(list, "[", "]", to, depth);
    } else if (value instanceof Tuple tuple) {
      items(tuple.items(), "(", tuple.items().size() == 1 ? ",)" : ")", to, depth);
    } else if (value instanceof Map<?, ?> map) {
      String separator = "{";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        to.append(separator);
        repr(entry.getKey(), to, depth + 1);
        to.append(": ");
        repr(entry.getValue(), to, depth + 1);
        separator = ", ";
      }
      to.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof Undefined) {
      to.append("Undefined");
    } else {
      throw new TemplateFault("a " + typeName(value) + " cannot be printed");
    }
  }

  private static void items(List<?> items, String open, String close, StringBuilder to, int depth) {
    to.append(open);
    for (int i = 0; i < items.size(); i++) {
      to.append(i == 0 ? "" : ", ");
      repr(items.get(i), to, depth + 1);
    }
    to.append(close);
  }

  /** The fewest digits that read back as the same number, laid out as {@code repr} does. */
  static String decimal(double number) {
    if (Double.isNaN(number)) {
      return "nan";
    } else if (Double.isInfinite(number)) {
      return number > 0 ? "inf" : "-inf";
    } else if (number == 0) {
      return 1 / number > 0 ? "0.0" : "-0.0";
    }
    BigDecimal exact = new BigDecimal(number);
    BigDecimal shortest = exact;
    for (int digits = 1; digits <= 17; digits++) {
      shortest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (shortest.doubleValue() == number) {
        break;
      }
    }
    shortest = shortest.stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = shortest.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    String digits = shortest.unscaledValue().abs().toString();
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return String.format(
        Locale.ROOT,
        "%s%se%s%02d",
        number < 0 ? "-" : "",
        mantissa,
        exponent < 0 ? "-" : "+",
        Math.abs(exponent));
  }

  static boolean equal(Object a, Object b) {
    if (isNumber(a) && isNumber(b)) {
      return a instanceof Double || b instanceof Double
          ? toDouble(a) == toDouble(b)
          : toLong(a) == toLong(b);
    } else if (a instanceof BigInteger one && b instanceof Double other) {
      return equalSize(one, other);
    } else if (a instanceof Double one && b instanceof BigInteger other) {
      return equalSize(other, one);
    } else if (a instanceof List<?> one && b instanceof List<?> other) {
      return equalItems(one, other);
    } else if (a instanceof Tuple one && b instanceof Tuple other) {
      return equalItems(one.items(), other.items());
    } else if (a instanceof Map<?, ?> one && b instanceof Map<?, ?> other) {
      return one.size() == other.size()
          && one.entrySet().stream()
              .allMatch(
                  entry -> {
                    Object there = other.get(entry.getKey());
                    return there != null && equal(entry.getValue(), there);
                  });
    } else if (a instanceof Undefined) {
      return b instanceof Undefined;
    }
    return a.equals(b);
  }

  private static boolean equalSize(BigInteger whole, double number) {
    return Double.isFinite(number) && new BigDecimal(whole).compareTo(new BigDecimal(number)) == 0;
  }

  private static boolean equalItems(List<?> a, List<?> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Less than, equal or more, as {@code <} sees it. */
  static int compare(Object a, Object b) {
    if (isNumber(a) && isNumber(b)) {
      return a instanceof Double || b instanceof Double
          ? Double.compare(toDouble(a), toDouble(b))
          : Long.compare(toLong(a), toLong(b));
    } else if (a instanceof String one && b instanceof String other) {
      return Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());
    } else if (a instanceof Undefined undefined) {
      throw undefined.fault();
    } else if (b instanceof Undefined undefined) {
      throw undefined.fault();
    }
    throw new TemplateFault(
        "a " + typeName(a) + " and a " + typeName(b) + " cannot be compared by size");
  }

  /** A whole number that is no truth value. */
  static boolean isWhole(Object value) {
    return value instanceof Long || value instanceof BigInteger;
  }

  /** A number to calculate with. */
  static boolean isNumber(Object value) {
    return value instanceof Long || value instanceof Double || value instanceof Boolean;
  }

  static double toDouble(Object number) {
    return number instanceof Double decimal ? decimal : toLong(number);
  }

  static long toLong(Object number) {
    return number instanceof Boolean truth ? (truth ? 1 : 0) : (Long) number;
  }

  static long length(Object value) {
    if (value instanceof String text) {
      return text.codePointCount(0, text.length());
    } else if (value instanceof Map<?, ?> map) {
      return map.size();
    }
    return iterate(value).size();
  }

  /** What a loop over a value sees. */
  static List<Object> iterate(Object value) {
    if (value instanceof List<?> list) {
      return ImmutableList.copyOf(list);
    } else if (value instanceof Tuple tuple) {
      return tuple.items();
    } else if (value instanceof Map<?, ?> map) {
      return ImmutableList.copyOf(map.keySet());
    } else if (value instanceof String text) {
      return text.codePoints()
          .mapToObj(Character::toString)
          .collect(ImmutableList.<Object>toImmutableList());
    } else if (value instanceof Undefined) {
      return List.of();
    }
    throw new TemplateFault("a " + typeName(value) + " has no items");
  }

  static boolean contains(Object collection, Object item) {
    if (collection instanceof String text) {
      return text.contains(requireText(item, "what is looked for in a text"));
    } else if (collection instanceof Map<?, ?> map) {
      return map.containsKey(item);
    }
    return iterate(collection).stream().anyMatch(each -> equal(each, item));
  }

  static String requireText(Object value, String what) {
    if (value instanceof String text) {
      return text;
    } else if (value instanceof Undefined undefined) {
      throw undefined.fault();
    }
    throw new TemplateFault(what + " must be a text, not a " + typeName(value));
  }

  static long requireInteger(Object value, String what) {
    if (value instanceof Long || value instanceof Boolean) {
      return toLong(value);
    }
    throw new TemplateFault(what + " must be a whole number, not a " + typeName(value));
  }

  /** {@code str.isspace} of one character. */
  static boolean isSpace(int codePoint) {
    return codePoint == 0x85
        || codePoint == 0xa0
        || codePoint == 0x2007
        || codePoint == 0x202f
        || Character.isWhitespace(codePoint);
  }

  static String typeName(Object value) {
    if (value instanceof String) {
      return "text";
    } else if (isWhole(value)) {
      return "whole number";
    } else if (value instanceof Double) {
      return "number";
    } else if (value instanceof Boolean) {
      return "truth value";
    } else if (value instanceof Map<?, ?>) {
      return "map";
    } else if (value instanceof List<?>) {
      return "list";
    } else if (value instanceof Callable) {
      return "function";
    }
    return value.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
  }
}
