package io.github.tralign.djl.chat.jinja;

import com.google.common.collect.ImmutableList;
import io.github.tralign.djl.chat.jinja.Functions.Callable;
import io.github.tralign.djl.chat.jinja.PythonValues.Namespace;
import io.github.tralign.djl.chat.jinja.PythonValues.None;
import io.github.tralign.djl.chat.jinja.PythonValues.Tuple;
import io.github.tralign.djl.chat.jinja.PythonValues.Undefined;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Python's basic operations on the values of templates: {@link String}, {@link Long}, {@link
 * BigInteger} (beyond 64 bits; compared for equality and printed only), {@link Double}, {@link
 * Boolean}, {@link None}, {@link Undefined}, {@link List}, {@link Tuple}, {@link Map} and {@link
 * Namespace}. Strings are measured and sliced in code points.
 */
final class Python {

  /** Units for printing a float, which tries several numbers of digits. */
  private static final int DECIMAL = 500;

  private Python() {}

  /** Converts a Java value to a template's; copies collections and raises the budget's limit. */
  static Object fromJava(@Nullable Object value, Budget budget) {
    budget.allowFor(value instanceof String text ? text.length() : 0);
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
      map.forEach((key, each) -> copy.put(fromJava(key, budget), fromJava(each, budget)));
      return copy;
    } else if (value instanceof Iterable<?> each) {
      List<Object> copy = new ArrayList<>();
      each.forEach(item -> copy.add(fromJava(item, budget)));
      return copy;
    } else if (value instanceof String
        || value instanceof Long
        || value instanceof Double
        || value instanceof Boolean
        || value instanceof None) {
      return value;
    }
    throw new JinjaException("a template cannot use a " + value.getClass().getSimpleName());
  }

  static boolean isTruthy(Object value) {
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
    return !(value instanceof None || value instanceof Undefined); // a BigInteger is never 0 here
  }

  /** {@code str(value)}, which is printed. */
  static String str(Object value, Budget budget) {
    return value instanceof String text
        ? text
        : value instanceof Undefined ? "" : repr(value, budget);
  }

  /** {@code repr(value)}, as inside a printed list. */
  static String repr(Object value, Budget budget) {
    TextBuilder to = new TextBuilder(budget);
    repr(value, to, 0);
    return to.build();
  }

  private static void repr(Object value, TextBuilder to, int depth) {
    if (value instanceof String text) {
      to.append(PythonRepr.of(text, to.budget()));
    } else if (value instanceof Boolean truth) {
      to.append(truth ? "True" : "False");
    } else if (isWhole(value) || value instanceof None) {
      to.append(value.toString());
    } else if (value instanceof Double number) {
      to.append(decimal(number, to.budget()));
    } else if (value instanceof List<?> list) {
      items(list, "[", "]", to, Budget.deeper(depth));
    } else if (value instanceof Tuple tuple) {
      String close = tuple.items().size() == 1 ? ",)" : ")";
      items(tuple.items(), "(", close, to, Budget.deeper(depth));
    } else if (value instanceof Map<?, ?> map) {
      String separator = "{";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        to.append(separator);
        repr(entry.getKey(), to, Budget.deeper(depth));
        to.append(": ");
        repr(entry.getValue(), to, Budget.deeper(depth));
        separator = ", ";
      }
      to.append(map.isEmpty() ? "{}" : "}");
    } else if (value instanceof Undefined) {
      to.append("Undefined");
    } else {
      throw new JinjaException(typeName(value) + " cannot be printed");
    }
  }

  private static void items(List<?> items, String open, String close, TextBuilder to, int depth) {
    to.append(open);
    for (int i = 0; i < items.size(); i++) {
      to.append(i == 0 ? "" : ", ");
      repr(items.get(i), to, depth);
    }
    to.append(close);
  }

  /** The shortest decimal that parses to the same number, formatted as by {@code repr}. */
  static String decimal(double number, Budget budget) {
    budget.charge(DECIMAL);
    if (Double.isNaN(number)) {
      return "nan";
    } else if (Double.isInfinite(number)) {
      return number > 0 ? "inf" : "-inf";
    } else if (number == 0) {
      return 1 / number > 0 ? "0.0" : "-0.0";
    }
    BigDecimal exact = new BigDecimal(number);
    // Before JDK 19, Java sometimes writes one digit too many.
    int digits = new BigDecimal(Double.toString(number)).stripTrailingZeros().precision();
    while (digits > 1 && rounded(exact, digits - 1).doubleValue() == number) {
      digits--;
    }
    BigDecimal shortest = rounded(exact, digits).stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = shortest.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    String all = shortest.unscaledValue().abs().toString();
    String mantissa = all.length() == 1 ? all : all.charAt(0) + "." + all.substring(1);
    return String.format(
        Locale.ROOT,
        "%s%se%s%02d",
        number < 0 ? "-" : "",
        mantissa,
        exponent < 0 ? "-" : "+",
        Math.abs(exponent));
  }

  private static BigDecimal rounded(BigDecimal exact, int digits) {
    return exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
  }

  /** Whether it is an integer, and not a boolean. */
  static boolean isWhole(Object value) {
    return value instanceof Long || value instanceof BigInteger;
  }

  /** Whether arithmetic works with it; like Python, this includes booleans. */
  static boolean isNumber(Object value) {
    return value instanceof Long || value instanceof Double || value instanceof Boolean;
  }

  static double toDouble(Object number) {
    return number instanceof Double decimal ? decimal : toLong(number);
  }

  static long toLong(Object number) {
    return number instanceof Boolean truth ? (truth ? 1 : 0) : (Long) number;
  }

  static long length(Object value, Budget budget) {
    if (value instanceof String text) {
      budget.charge(text.length());
      return text.codePointCount(0, text.length());
    } else if (value instanceof Map<?, ?> map) {
      return map.size();
    } else if (value instanceof List<?> list) {
      return list.size();
    }
    return iterate(value, budget).size();
  }

  /** The items that a loop over a value visits, charged for. */
  static List<Object> iterate(Object value, Budget budget) {
    if (value instanceof List<?> list) {
      budget.chargeItems(list.size());
      return Collections.unmodifiableList(list);
    } else if (value instanceof Tuple tuple) {
      budget.chargeItems(tuple.items().size());
      return tuple.items();
    } else if (value instanceof Map<?, ?> map) {
      budget.chargeItems(map.size());
      return ImmutableList.copyOf(map.keySet());
    } else if (value instanceof String text) {
      budget.chargeItems(text.length());
      return text.codePoints()
          .mapToObj(Character::toString)
          .collect(ImmutableList.<Object>toImmutableList());
    } else if (value instanceof Undefined) {
      return List.of();
    }
    throw new JinjaException(typeName(value) + " is not iterable");
  }

  static String requireText(Object value, String what) {
    if (value instanceof String text) {
      return text;
    } else if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    throw new JinjaException(what + " must be a string, not " + typeName(value));
  }

  static long requireInteger(Object value, String what) {
    if (value instanceof Long || value instanceof Boolean) {
      return toLong(value);
    }
    throw new JinjaException(what + " must be an integer, not " + typeName(value));
  }

  /** {@code str.isspace} of one character. */
  static boolean isSpace(int codePoint) {
    return codePoint == 0x85
        || codePoint == 0xa0
        || codePoint == 0x2007
        || codePoint == 0x202f
        || Character.isWhitespace(codePoint);
  }

  /** The type of a value with its article, for messages. */
  static String typeName(Object value) {
    if (value instanceof String) {
      return "a string";
    } else if (isWhole(value)) {
      return "an integer";
    } else if (value instanceof Double) {
      return "a float";
    } else if (value instanceof Boolean) {
      return "a boolean";
    } else if (value instanceof Map<?, ?>) {
      return "a mapping";
    } else if (value instanceof List<?>) {
      return "a list";
    } else if (value instanceof Callable) {
      return "a function";
    } else if (value instanceof None) {
      return "None";
    } else if (value instanceof Undefined) {
      return "an undefined value";
    }
    return "a " + value.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }
}
