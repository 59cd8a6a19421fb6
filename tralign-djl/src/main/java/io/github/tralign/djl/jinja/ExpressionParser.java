package io.github.tralign.djl.jinja;

import com.google.common.collect.ImmutableList;
import io.github.tralign.djl.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads expressions, by the grammar and the precedence of jinja2's {@code parser.py}. */
final class ExpressionParser {

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  private final Tokens tokens;
  private final SuffixParser suffixes;
  private int depth;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
    this.suffixes = new SuffixParser(tokens, this);
  }

  /** One expression, with a condition behind it or without. */
  Expression expression() {
    if (++depth > Frame.MAX_DEPTH) {
      throw new TemplateFault("an expression is nested too deeply").at(tokens.peek().line());
    }
    Expression value = or();
    while (tokens.takeName("if")) {
      value = conditional(value, or(), tokens.takeName("else") ? expression() : null);
    }
    depth--;
    return value;
  }

  /** An expression without a condition, as after {@code in} of a loop. */
  Expression unconditional() {
    return tuple(this::or, false);
  }

  /** One expression, or several with commas between, which are a tuple. */
  Expression tuple() {
    return tuple(this::expression, false);
  }

  private Expression tuple(java.util.function.Supplier<Expression> item, boolean mayBeEmpty) {
    List<Expression> items = new ArrayList<>();
    boolean tuple = false;
    while (!endsTuple()) {
      items.add(item.get());
      if (!tokens.takeOperator(",")) {
        break;
      }
      tuple = true;
    }
    if (items.isEmpty() && !mayBeEmpty) {
      throw tokens.unexpected("an expression");
    }
    return tuple || items.isEmpty()
        ? frame -> new Tuple(Expression.all(items, frame))
        : items.get(0);
  }

  private boolean endsTuple() {
    Token token = tokens.peek();
    return token.kind() == Kind.PRINT_END || token.kind() == Kind.TAG_END || token.isOperator(")");
  }

  private static Expression conditional(
      Expression value, Expression test, @Nullable Expression otherwise) {
    return frame ->
        test.holds(frame)
            ? value.in(frame)
            : otherwise == null
                ? new Undefined("the value of an 'if' without 'else'")
                : otherwise.in(frame);
  }

  private Expression or() {
    Expression left = and();
    while (tokens.takeName("or")) {
      Expression one = left;
      Expression other = and();
      left =
          frame -> {
            Object value = one.in(frame);
            return Python.truth(value) ? value : other.in(frame);
          };
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.takeName("and")) {
      Expression one = left;
      Expression other = not();
      left =
          frame -> {
            Object value = one.in(frame);
            return Python.truth(value) ? other.in(frame) : value;
          };
    }
    return left;
  }

  private Expression not() {
    if (tokens.takeName("not")) {
      Expression value = not();
      return frame -> !value.holds(frame);
    }
    return comparison();
  }

  private Expression comparison() {
    Expression first = sum();
    List<BinaryOperator<Object>> tests = new ArrayList<>();
    List<Expression> others = new ArrayList<>();
    while (true) {
      if (COMPARISONS.contains(tokens.peek().text()) && tokens.peek().kind() == Kind.OPERATOR) {
        tests.add(Operators.comparison(tokens.next().text()));
      } else if (tokens.takeName("in")) {
        tests.add((item, collection) -> Python.contains(collection, item));
      } else if (tokens.peek().isName("not") && tokens.peek(1).isName("in")) {
        tokens.next();
        tokens.next();
        tests.add((item, collection) -> !Python.contains(collection, item));
      } else {
        break;
      }
      others.add(sum());
    }
    return tests.isEmpty() ? first : frame -> chain(first, tests, others, frame);
  }

  private static Object chain(
      Expression first, List<BinaryOperator<Object>> tests, List<Expression> others, Frame frame) {
    Object left = first.in(frame);
    for (int i = 0; i < tests.size(); i++) {
      Object right = others.get(i).in(frame);
      if (!Python.truth(tests.get(i).apply(left, right))) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private Expression sum() {
    Expression left = concatenation();
    while (tokens.peek().isOperator("+") || tokens.peek().isOperator("-")) {
      left = binary(tokens.next().text(), left, concatenation());
    }
    return left;
  }

  private Expression concatenation() {
    Expression left = product();
    while (tokens.takeOperator("~")) {
      Expression one = left;
      Expression other = product();
      left = frame -> Operators.joined(Python.str(one.in(frame)), Python.str(other.in(frame)));
    }
    return left;
  }

  private Expression product() {
    Expression left = unary(true);
    while (tokens.peek().kind() == Kind.OPERATOR
        && Set.of("*", "/", "//", "%").contains(tokens.peek().text())) {
      left = binary(tokens.next().text(), left, unary(true));
    }
    if (tokens.peek().isOperator("**")) {
      throw TemplateFault.unsupported("the operator '**'").at(tokens.peek().line());
    }
    return left;
  }

  private static Expression binary(String operator, Expression one, Expression other) {
    BinaryOperator<Object> apply = Operators.arithmetic(operator);
    return frame -> apply.apply(one.in(frame), other.in(frame));
  }

  private Expression unary(boolean filtered) {
    Expression value;
    if (tokens.takeOperator("-")) {
      Expression operand = unary(false);
      value = frame -> Operators.arithmetic("-").apply(0L, Operators.number(operand.in(frame)));
    } else if (tokens.takeOperator("+")) {
      Expression operand = unary(false);
      value = frame -> Operators.number(operand.in(frame));
    } else {
      value = primary();
    }
    value = suffixes.postfix(value);
    return filtered ? suffixes.filtered(value) : value;
  }

  /** A value with nothing in front of it or behind. */
  Expression primary() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> name(token.text());
      case TEXT -> text(token.text());
      case INTEGER -> {
        long number = number(token);
        yield frame -> number;
      }
      case FLOAT -> {
        double number = Double.parseDouble(token.text());
        yield frame -> number;
      }
      default -> grouped(token);
    };
  }

  /** A whole number, which has 64 bits at the most. */
  static long number(Token token) {
    try {
      return Long.parseLong(token.text());
    } catch (NumberFormatException e) {
      throw new TemplateFault("the number " + token.text() + " is too large").at(token.line());
    }
  }

  private static Expression name(String name) {
    return switch (name) {
      case "true", "True" -> frame -> true;
      case "false", "False" -> frame -> false;
      case "none", "None" -> frame -> None.NONE;
      default -> frame -> frame.get(name);
    };
  }

  private Expression text(String first) {
    StringBuilder joined = new StringBuilder(first);
    while (tokens.peek().kind() == Kind.TEXT) {
      joined.append(tokens.next().text());
    }
    String text = joined.toString();
    return frame -> text;
  }

  private Expression grouped(Token token) {
    if (token.isOperator("(")) {
      Expression value = tuple(this::expression, true);
      tokens.expectOperator(")");
      return value;
    } else if (token.isOperator("[")) {
      ImmutableList<Expression> items = list("]");
      return frame -> new ArrayList<>(Expression.all(items, frame));
    } else if (token.isOperator("{")) {
      return map();
    }
    throw new TemplateFault("an expression is expected, not " + token).at(token.line());
  }

  private ImmutableList<Expression> list(String close) {
    ImmutableList.Builder<Expression> items = ImmutableList.builder();
    while (!tokens.takeOperator(close)) {
      items.add(expression());
      if (!tokens.peek().isOperator(close)) {
        tokens.expectOperator(",");
      }
    }
    return items.build();
  }

  private Expression map() {
    Map<Expression, Expression> entries = new LinkedHashMap<>();
    while (!tokens.takeOperator("}")) {
      Expression key = expression();
      tokens.expectOperator(":");
      entries.put(key, expression());
      if (!tokens.peek().isOperator("}")) {
        tokens.expectOperator(",");
      }
    }
    return frame -> {
      Map<Object, Object> map = new LinkedHashMap<>();
      entries.forEach((key, value) -> map.put(key.in(frame), value.in(frame)));
      return map;
    };
  }
}
