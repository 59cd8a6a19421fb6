package io.github.tralign.djl.jinja;

import io.github.tralign.djl.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what may stand behind a value: attributes, subscripts, calls, filters and tests. */
final class SuffixParser {

  private final Tokens tokens;
  private final ExpressionParser expressions;

  /**
   * A part of a parser.
   *
   * @param expressions reads the expressions inside, from the same tokens
   */
  SuffixParser(Tokens tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  /** Attributes, subscripts and calls, as many as there are. */
  Expression postfix(Expression of) {
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
        long index = ExpressionParser.number(name);
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
        part = expressions.expression();
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
        named.put(name, expressions.expression());
      } else if (named.isEmpty()) {
        positional.add(expressions.expression());
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
      return new Arguments(Expression.all(positional, frame), values);
    }
  }

  /** Filters, tests and calls, as many as there are. */
  Expression filtered(Expression of) {
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

  private Expression filter(Expression of) {
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
    return new Call(List.of(postfix(expressions.primary())), Map.of());
  }
}
