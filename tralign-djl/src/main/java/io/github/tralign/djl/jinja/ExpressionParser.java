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
  private int depth;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
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
    return tuple || items.isEmpty() ? frame -> new Tuple(all(items, frame)) : items.get(0);
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
    value = postfix(value);
    return filtered ? filtered(value) : value;
  }

  private Expression primary() {
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

  private static long number(Token token) {
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
      return frame -> new ArrayList<>(all(items, frame));
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

  private Expression postfix(Expression of) {
    Expression value = of;
    while (true) {
      if (tokens.takeOperator(".")) {
        value = attribute(value, tokens.next());
      } else if (tokens.takeOperator("[")) {
        value = subscript(value);
      } else if (tokens.takeOperator("(")) {
        value = call(value);
      } else {
        return value;
      }
    }
  }

  private static Expression attribute(Expression of, Token name) {
    return switch (name.kind()) {
      case NAME -> frame -> Attributes.attribute(of.in(frame), name.text());
      case INTEGER -> {
        long index = number(name);
        yield frame -> Attributes.item(of.in(frame), index);
      }
      default -> throw new TemplateFault("a name is expected, not " + name).at(name.line());
    };
  }

  private Expression subscript(Expression of) {
    List<@Nullable Expression> parts = new ArrayList<>();
    boolean slice = false;
    @Nullable Expression part = null;
    while (!tokens.takeOperator("]")) {
      if (tokens.takeOperator(":")) {
        slice = true;
        parts.add(part);
        part = null;
      } else if (part != null || tokens.peek().isOperator(",")) {
        throw tokens.unexpected("']'");
      } else {
        part = expression();
      }
    }
    if (!slice) {
      Expression index = part;
      if (index == null) {
        throw tokens.unexpected("an index");
      }
      return frame -> Attributes.item(of.in(frame), index.in(frame));
    }
    parts.add(part);
    if (parts.size() > 3) {
      throw tokens.unexpected("']'");
    }
    return frame ->
        Slices.slice(
            of.in(frame), value(parts, 0, frame), value(parts, 1, frame), value(parts, 2, frame));
  }

  private static Object value(List<@Nullable Expression> parts, int index, Frame frame) {
    Expression part = index < parts.size() ? parts.get(index) : null;
    return part == null ? None.NONE : part.in(frame);
  }

  private Expression call(Expression of) {
    Call arguments = arguments();
    return frame -> {
      frame.step();
      Object function = of.in(frame);
      if (function instanceof Callable callable) {
        return callable.call(arguments.in(frame), frame);
      } else if (function instanceof Undefined undefined) {
        throw undefined.fault();
      }
      throw new TemplateFault("a " + Python.typeName(function) + " cannot be called");
    };
  }

  /** What stands between the parentheses of a call, the first of which is read. */
  private Call arguments() {
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!tokens.takeOperator(")")) {
      if (tokens.peek().isOperator("*") || tokens.peek().isOperator("**")) {
        throw TemplateFault.unsupported("'*' before an argument").at(tokens.peek().line());
      }
      if (tokens.peek().kind() == Kind.NAME && tokens.peek(1).isOperator("=")) {
        String name = tokens.next().text();
        tokens.next();
        named.put(name, expression());
      } else if (named.isEmpty()) {
        positional.add(expression());
      } else {
        throw tokens.unexpected("a named argument");
      }
      if (!tokens.peek().isOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    return new Call(positional, named);
  }

  private record Call(List<Expression> positional, Map<String, Expression> named) {

    static final Call EMPTY = new Call(List.of(), Map.of());

    Arguments in(Frame frame) {
      Map<String, Object> values = new LinkedHashMap<>();
      named.forEach((name, value) -> values.put(name, value.in(frame)));
      return new Arguments(all(positional, frame), values);
    }
  }

  private Expression filtered(Expression of) {
    Expression value = of;
    while (true) {
      if (tokens.takeOperator("|")) {
        value = filter(value);
      } else if (tokens.takeName("is")) {
        value = test(value);
      } else if (tokens.takeOperator("(")) {
        value = call(value);
      } else {
        return value;
      }
    }
  }

  /** A filter, behind its {@code |}. */
  Expression filter(Expression of) {
    Token name = tokens.expect(Kind.NAME, "the name of a filter");
    Filters.Filter filter = Filters.named(name.text(), name.line());
    Call arguments = tokens.takeOperator("(") ? arguments() : Call.EMPTY;
    return frame -> {
      frame.step();
      return filter.apply(of.in(frame), arguments.in(frame), frame);
    };
  }

  private Expression test(Expression of) {
    boolean negated = tokens.takeName("not");
    Token name = tokens.expect(Kind.NAME, "the name of a test");
    FilterTests.Test test = FilterTests.named(name.text(), name.line());
    Call arguments = testArguments();
    return frame -> negated != test.holds(of.in(frame), arguments.in(frame));
  }

  private Call testArguments() {
    Token token = tokens.peek();
    if (tokens.takeOperator("(")) {
      return arguments();
    }
    boolean begins =
        switch (token.kind()) {
          case NAME -> !Set.of("else", "or", "and").contains(token.text());
          case TEXT, INTEGER, FLOAT -> true;
          default -> token.isOperator("[") || token.isOperator("{");
        };
    if (!begins) {
      return Call.EMPTY;
    }
    if (token.isName("is")) {
      throw new TemplateFault("tests cannot be chained with 'is'").at(token.line());
    }
    return new Call(List.of(postfix(primary())), Map.of());
  }

  private static ImmutableList<Object> all(List<Expression> expressions, Frame frame) {
    ImmutableList.Builder<Object> values = ImmutableList.builder();
    expressions.forEach(expression -> values.add(expression.in(frame)));
    return values.build();
  }
}
