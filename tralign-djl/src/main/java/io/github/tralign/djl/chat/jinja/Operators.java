package io.github.tralign.djl.chat.jinja;

import io.github.tralign.djl.chat.jinja.PythonValues.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Python's binary operators. */
final class Operators {

  private Operators() {}

  static Operator comparison(String operator) {
    return switch (operator) {
      case "==" -> PythonComparison::equal;
      case "!=" -> (a, b, budget) -> !PythonComparison.equal(a, b, budget);
      case "<" -> (a, b, budget) -> PythonComparison.compare(a, b, budget) < 0;
      case "<=" -> (a, b, budget) -> PythonComparison.compare(a, b, budget) <= 0;
      case ">" -> (a, b, budget) -> PythonComparison.compare(a, b, budget) > 0;
      case ">=" -> (a, b, budget) -> PythonComparison.compare(a, b, budget) >= 0;
      default -> throw new IllegalArgumentException(operator);
    };
  }

  static Operator arithmetic(String operator) {
    return switch (operator) {
      case "+" -> Operators::add;
      case "-" -> (a, b, budget) -> numbers(operator, a, b, Math::subtractExact, (x, y) -> x - y);
      case "*" -> Operators::multiply;
      case "/" -> (a, b, budget) -> divide(a, b);
      case "//" ->
          (a, b, budget) -> numbers(operator, a, b, Math::floorDiv, Operators::floorDivide);
      case "%" -> (a, b, budget) -> numbers(operator, a, b, Math::floorMod, Operators::remainder);
      default -> throw new IllegalArgumentException(operator);
    };
  }

  /**
   * {@code +value}.
   *
   * @throws JinjaException if it is not a number
   */
  static Object number(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    } else if (!Python.isNumber(value)) {
      throw new JinjaException(Python.typeName(value) + " cannot have a sign");
    }
    return value instanceof Double ? value : (Object) Python.toLong(value);
  }

  /**
   * {@code -value}.
   *
   * @throws JinjaException if it is not a number
   */
  static Object negative(Object value) {
    return numbers("-", 0L, number(value), Math::subtractExact, (x, y) -> x - y);
  }

  private static Object add(Object a, Object b, Budget budget) {
    if (a instanceof String one && b instanceof String other) {
      budget.charge((long) one.length() + other.length());
      return one + other;
    } else if (a instanceof List<?> one && b instanceof List<?> other) {
      budget.chargeItems((long) one.size() + other.size());
      List<Object> sum = new ArrayList<>(one);
      sum.addAll(other);
      return sum;
    }
    return numbers("+", a, b, Math::addExact, Double::sum);
  }

  private static Object multiply(Object a, Object b, Budget budget) {
    if (a instanceof String text && (b instanceof Long || b instanceof Boolean)) {
      return new TextBuilder(budget).append(text, Python.toLong(b)).build();
    } else if (b instanceof String text && (a instanceof Long || a instanceof Boolean)) {
      return new TextBuilder(budget).append(text, Python.toLong(a)).build();
    }
    return numbers("*", a, b, Math::multiplyExact, (x, y) -> x * y);
  }

  private static Object divide(Object a, Object b) {
    double divisor = Python.toDouble(pair("/", a, b)[1]);
    return Python.toDouble(a) / nonZero(divisor);
  }

  private static double floorDivide(double a, double b) {
    return Math.floor(a / nonZero(b));
  }

  private static double remainder(double a, double b) {
    return a - nonZero(b) * Math.floor(a / b);
  }

  private static double nonZero(double divisor) {
    if (divisor == 0) {
      throw new ArithmeticException("division by zero");
    }
    return divisor;
  }

  private static Object numbers(
      String operator, Object a, Object b, LongOperator whole, DoubleOperator decimal) {
    pair(operator, a, b);
    if (a instanceof Double || b instanceof Double) {
      return decimal.apply(Python.toDouble(a), Python.toDouble(b));
    }
    return whole.apply(Python.toLong(a), Python.toLong(b));
  }

  private static Object[] pair(String operator, Object a, Object b) {
    if (a instanceof Undefined undefined) {
      throw undefined.error();
    } else if (b instanceof Undefined undefined) {
      throw undefined.error();
    } else if (!Python.isNumber(a) || !Python.isNumber(b)) {
      throw new JinjaException(
          String.format(
              Locale.ROOT,
              "'%s' does not work between %s and %s",
              operator,
              Python.typeName(a),
              Python.typeName(b)));
    }
    return new Object[] {a, b};
  }

  private interface LongOperator {
    long apply(long a, long b);
  }

  private interface DoubleOperator {
    double apply(double a, double b);
  }

  /** A binary operator. */
  @FunctionalInterface
  interface Operator {
    Object apply(Object left, Object right, Budget budget);
  }
}
