package io.github.tralign.djl.chat.jinja;

import io.github.tralign.djl.chat.jinja.PythonValues.None;
import io.github.tralign.djl.chat.jinja.PythonValues.Tuple;
import io.github.tralign.djl.chat.jinja.PythonValues.Undefined;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** Compares values as Python does, charging for each pair of items. */
final class PythonComparison {

  private PythonComparison() {}

  static boolean equal(Object a, Object b, Budget budget) {
    return equal(a, b, budget, 0);
  }

  private static boolean equal(Object a, Object b, Budget budget, int depth) {
    budget.charge(1);
    if (Python.isNumber(a) && Python.isNumber(b)) {
      return !isNan(a) && !isNan(b) && numbers(a, b) == 0;
    } else if (a instanceof String one && b instanceof String other) {
      budget.charge(one.length() == other.length() ? one.length() : 0);
      return one.equals(other);
    } else if (a instanceof BigInteger one && b instanceof Double other) {
      return sameSize(one, other);
    } else if (a instanceof Double one && b instanceof BigInteger other) {
      return sameSize(other, one);
    } else if (a instanceof List<?> one && b instanceof List<?> other) {
      return equalItems(one, other, budget, Budget.deeper(depth));
    } else if (a instanceof Tuple one && b instanceof Tuple other) {
      return equalItems(one.items(), other.items(), budget, Budget.deeper(depth));
    } else if (a instanceof Map<?, ?> one && b instanceof Map<?, ?> other) {
      return equalEntries(one, other, budget, Budget.deeper(depth));
    } else if (a instanceof Undefined) {
      return b instanceof Undefined;
    }
    return a.equals(b);
  }

  private static boolean sameSize(BigInteger whole, double number) {
    return Double.isFinite(number) && new BigDecimal(whole).compareTo(new BigDecimal(number)) == 0;
  }

  private static boolean equalItems(List<?> a, List<?> b, Budget budget, int depth) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i), budget, depth)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalEntries(Map<?, ?> a, Map<?, ?> b, Budget budget, int depth) {
    if (a.size() != b.size()) {
      return false;
    }
    for (Map.Entry<?, ?> entry : a.entrySet()) {
      Object there = b.get(key(entry.getKey(), budget));
      if (there == null || !equal(entry.getValue(), there, budget, depth)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Compares as {@code <} does: negative, 0 or positive.
   *
   * @throws JinjaException if the values have no order
   */
  static int compare(Object a, Object b, Budget budget) {
    budget.charge(1);
    if (Python.isNumber(a) && Python.isNumber(b)) {
      if (isNan(a) || isNan(b)) {
        throw JinjaException.unsupported("ordering nan");
      }
      return numbers(a, b);
    } else if (a instanceof String one && b instanceof String other) {
      budget.charge(Math.min(one.length(), other.length()));
      return texts(one, other);
    } else if (a instanceof Undefined undefined) {
      throw undefined.error();
    } else if (b instanceof Undefined undefined) {
      throw undefined.error();
    }
    throw new JinjaException(
        Python.typeName(a) + " and " + Python.typeName(b) + " cannot be ordered");
  }

  private static boolean isNan(Object number) {
    return number instanceof Double decimal && decimal.isNaN();
  }

  /** Exact, as in Python: an integer is not rounded to compare it with a float. */
  private static int numbers(Object a, Object b) {
    if (a instanceof Double one && b instanceof Double other) {
      return one < other ? -1 : one > other ? 1 : 0;
    } else if (a instanceof Double one) {
      return -numbers(b, one);
    } else if (b instanceof Double other) {
      return wholeAndDecimal(Python.toLong(a), other);
    }
    return Long.compare(Python.toLong(a), Python.toLong(b));
  }

  private static int wholeAndDecimal(long whole, double decimal) {
    if (decimal >= 0x1p63 || decimal < -0x1p63) {
      return decimal > 0 ? -1 : 1;
    }
    long truncated = (long) decimal;
    return whole != truncated
        ? Long.compare(whole, truncated)
        : (int) -Math.signum(decimal - truncated);
  }

  /** By code points. */
  private static int texts(String a, String b) {
    int common = Math.min(a.length(), b.length());
    for (int i = 0; i < common; i++) {
      if (a.charAt(i) != b.charAt(i)) {
        boolean pairs = Character.isSurrogate(a.charAt(i)) != Character.isSurrogate(b.charAt(i));
        return pairs
            ? (Character.isSurrogate(a.charAt(i)) ? 1 : -1)
            : Character.compare(a.charAt(i), b.charAt(i));
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  static boolean contains(Object collection, Object item, Budget budget) {
    if (collection instanceof String text) {
      String part = Python.requireText(item, "the left operand of 'in'");
      budget.chargeSearch(text, part);
      return text.contains(part);
    } else if (collection instanceof Map<?, ?> map) {
      return map.containsKey(key(item, budget));
    }
    for (Object each : Python.iterate(collection, budget)) {
      if (equal(each, item, budget)) {
        return true;
      }
    }
    return false;
  }

  /** Checks that a value can be a key of a mapping, and charges for its hash. */
  static Object key(Object value, Budget budget) {
    budget.charge(1);
    if (value instanceof String text) {
      budget.charge(text.length());
    } else if (value instanceof Tuple) {
      throw JinjaException.unsupported("a tuple as the key of a mapping");
    } else if (!isScalar(value)) {
      throw new JinjaException(Python.typeName(value) + " cannot be the key of a mapping");
    }
    return value;
  }

  static boolean isScalar(Object value) {
    return value instanceof String
        || Python.isNumber(value)
        || Python.isWhole(value)
        || value instanceof None
        || value instanceof Undefined;
  }
}
