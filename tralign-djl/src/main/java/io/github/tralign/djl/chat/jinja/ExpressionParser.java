package io.github.tralign.djl.chat.jinja;

import com.google.common.collect.ImmutableList;
import io.github.tralign.djl.chat.jinja.Expression.Step;
import io.github.tralign.djl.chat.jinja.Operators.Operator;
import io.github.tralign.djl.chat.jinja.PythonValues.None;
import io.github.tralign.djl.chat.jinja.PythonValues.Tuple;
import io.github.tralign.djl.chat.jinja.PythonValues.Undefined;
import io.github.tralign.djl.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses expressions, with the grammar and precedence of jinja2's {@code parser.py}. */
final class ExpressionParser {

  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  private final Tokens tokens;
  private final PostfixParser suffixes;
  private int depth;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
    this.suffixes = new PostfixParser(tokens, this);
  }

  /** One expression, with or without a trailing {@code if}. */
  Expression expression() {
    int outside = depth;
    deeper();
    Expression value = or();
    while (tokens.takeName("if")) {
      deeper();
      value = conditional(value, or(), tokens.takeName("else") ? expression() : null);
    }
    depth = outside;
    return value.nested();
  }

  private void deeper() {
    if (++depth > Budget.MAX_NESTING) {
      throw new JinjaException("an expression is nested too deeply").at(tokens.peek().line());
    }
  }

  /** An expression without {@code if}, as after {@code in} of a loop. */
  Expression unconditional() {
    return tuple(this::or, false);
  }

  /** One expression, or several separated by commas, which are a tuple. */
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
        test.isTrue(frame)
            ? value.evaluate(frame)
            : otherwise == null
                ? new Undefined("the value of an 'if' without 'else'")
                : otherwise.evaluate(frame);
  }

  private Expression or() {
    Expression first = and();
    List<Step> others = new ArrayList<>();
    while (tokens.takeName("or")) {
      Expression other = and();
      others.add((left, frame) -> Python.isTruthy(left) ? left : other.evaluate(frame));
    }
    return first.then(others);
  }

  private Expression and() {
    Expression first = not();
    List<Step> others = new ArrayList<>();
    while (tokens.takeName("and")) {
      Expression other = not();
      others.add((left, frame) -> Python.isTruthy(left) ? other.evaluate(frame) : left);
    }
    return first.then(others);
  }

  private Expression not() {
    List<Step> nots = new ArrayList<>();
    while (tokens.takeName("not")) {
      nots.add((value, frame) -> !Python.isTruthy(value));
    }
    return comparison().then(nots);
  }

  private Expression comparison() {
    Expression first = sum();
    List<Operator> tests = new ArrayList<>();
    List<Expression> others = new ArrayList<>();
    while (true) {
      if (COMPARISONS.contains(tokens.peek().text()) && tokens.peek().kind() == Kind.OPERATOR) {
        tests.add(Operators.comparison(tokens.next().text()));
      } else if (tokens.takeName("in")) {
        tests.add(
            (item, collection, budget) -> PythonComparison.contains(collection, item, budget));
      } else if (tokens.peek().isName("not") && tokens.peek(1).isName("in")) {
        tokens.next();
        tokens.next();
        tests.add(
            (item, collection, budget) -> !PythonComparison.contains(collection, item, budget));
      } else {
        break;
      }
      others.add(sum());
    }
    return tests.isEmpty() ? first : frame -> chain(first, tests, others, frame);
  }

  private static Object chain(
      Expression first, List<Operator> tests, List<Expression> others, Frame frame) {
    Object left = first.evaluate(frame);
    for (int i = 0; i < tests.size(); i++) {
      Object right = others.get(i).evaluate(frame);
      if (!Python.isTruthy(tests.get(i).apply(left, right, frame.budget()))) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private Expression sum() {
    Expression first = concatenation();
    List<Step> others = new ArrayList<>();
    while (tokens.peek().isOperator("+") || tokens.peek().isOperator("-")) {
      others.add(binary(tokens.next().text(), concatenation()));
    }
    return first.then(others);
  }

  private Expression concatenation() {
    Expression first = product();
    if (!tokens.peek().isOperator("~")) {
      return first;
    }
    List<Expression> parts = new ArrayList<>(List.of(first));
    while (tokens.takeOperator("~")) {
      parts.add(product());
    }
    return frame -> {
      TextBuilder joined = new TextBuilder(frame.budget());
      parts.forEach(part -> joined.append(Python.str(part.evaluate(frame), frame.budget())));
      return joined.build();
    };
  }

  private Expression product() {
    Expression first = unary();
    List<Step> others = new ArrayList<>();
    while (tokens.peek().kind() == Kind.OPERATOR
        && Set.of("*", "/", "//", "%").contains(tokens.peek().text())) {
      others.add(binary(tokens.next().text(), unary()));
    }
    if (tokens.peek().isOperator("**")) {
      throw JinjaException.unsupported("the operator '**'").at(tokens.peek().line());
    }
    return first.then(others);
  }

  private static Step binary(String operator, Expression other) {
    Operator apply = Operators.arithmetic(operator);
    return (left, frame) -> apply.apply(left, other.evaluate(frame), frame.budget());
  }

  /** Signs bind weaker than postfix operators, but stronger than filters. */
  private Expression unary() {
    List<Step> signs = new ArrayList<>();
    while (tokens.peek().isOperator("-") || tokens.peek().isOperator("+")) {
      signs.add(
          tokens.next().isOperator("-")
              ? (value, frame) -> Operators.negative(value)
              : (value, frame) -> Operators.number(value));
    }
    Collections.reverse(signs);
    return suffixes.filtered(suffixes.postfix(primary()).then(signs));
  }

  /** A value without prefix or postfix operators. */
  Expression primary() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> name(token.text());
      case STRING -> text(token.text());
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

  /** An integer of at most 64 bits. */
  static long number(Token token) {
    try {
      return Long.parseLong(token.text());
    } catch (NumberFormatException e) {
      throw new JinjaException("the number " + token.text() + " is too large").at(token.line());
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
    while (tokens.peek().kind() == Kind.STRING) {
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
    throw new JinjaException("expected an expression, found " + token).at(token.line());
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
      frame.budget().chargeItems(2L * entries.size());
      entries.forEach(
          (key, value) ->
              map.put(
                  PythonComparison.key(key.evaluate(frame), frame.budget()),
                  value.evaluate(frame)));
      return map;
    };
  }
}
