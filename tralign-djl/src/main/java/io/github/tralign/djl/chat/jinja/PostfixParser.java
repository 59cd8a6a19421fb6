package io.github.tralign.djl.chat.jinja;

import io.github.tralign.djl.chat.jinja.Expression.Step;
import io.github.tralign.djl.chat.jinja.Functions.Callable;
import io.github.tralign.djl.chat.jinja.PythonValues.None;
import io.github.tralign.djl.chat.jinja.PythonValues.Undefined;
import io.github.tralign.djl.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses what can follow a value: attributes, subscripts, calls, filters and tests. */
final class PostfixParser {

  private final Tokens tokens;
  private final ExpressionParser expressions;

  /**
   * Makes a parser.
   *
   * @param expressions parses nested expressions from the same tokens
   */
  PostfixParser(Tokens tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  /** Attributes, subscripts and calls, as many as there are. */
  Expression postfix(Expression value) {
    List<Step> steps = new ArrayList<>();
    while (true) {
      if (tokens.takeOperator(".")) {
        steps.add(attribute(tokens.next()));
      } else if (tokens.takeOperator("[")) {
        steps.add(subscript());
      } else if (tokens.takeOperator("(")) {
        steps.add(call());
      } else {
        return value.then(steps);
      }
    }
  }

  private static Step attribute(Token name) {
    return switch (name.kind()) {
      case NAME -> (value, frame) -> Attributes.attribute(value, name.text(), frame.budget());
      case INTEGER -> {
        long index = ExpressionParser.number(name);
        yield (value, frame) -> Attributes.item(value, index, frame.budget());
      }
      default -> throw new JinjaException("expected a name, found " + name).at(name.line());
    };
  }

  private Step subscript() {
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
      return (value, frame) -> Attributes.item(value, index.evaluate(frame), frame.budget());
    }
    parts.add(part);
    if (parts.size() > 3) {
      throw tokens.unexpected("']'");
    }
    return (value, frame) ->
        Slices.slice(
            value,
            value(parts, 0, frame),
            value(parts, 1, frame),
            value(parts, 2, frame),
            frame.budget());
  }

  private static Object value(List<@Nullable Expression> parts, int index, Frame frame) {
    Expression part = index < parts.size() ? parts.get(index) : null;
    return part == null ? None.NONE : part.evaluate(frame);
  }

  private Step call() {
    Call arguments = arguments();
    return (function, frame) -> {
      if (function instanceof Callable callable) {
        return callable.call(arguments.evaluate(frame), frame);
      } else if (function instanceof Undefined undefined) {
        throw undefined.error();
      }
      throw new JinjaException(Python.typeName(function) + " cannot be called");
    };
  }

  /** The arguments of a call, after its opening parenthesis. */
  private Call arguments() {
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!tokens.takeOperator(")")) {
      if (tokens.peek().isOperator("*") || tokens.peek().isOperator("**")) {
        throw JinjaException.unsupported("'*' before an argument").at(tokens.peek().line());
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
      if (positional.size() + named.size() > Arguments.MAX) {
        throw Arguments.tooMany().at(tokens.peek().line());
      }
      if (!tokens.peek().isOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    return new Call(positional, named);
  }

  private record Call(List<Expression> positional, Map<String, Expression> named) {

    static final Call EMPTY = new Call(List.of(), Map.of());

    Arguments evaluate(Frame frame) {
      frame.budget().chargeItems(2L * named.size());
      Map<String, Object> values = new LinkedHashMap<>();
      named.forEach((name, value) -> values.put(name, value.evaluate(frame)));
      return new Arguments(Expression.all(positional, frame), values);
    }
  }

  /** Filters, tests and calls, as many as there are. */
  Expression filtered(Expression value) {
    List<Step> steps = new ArrayList<>();
    while (true) {
      if (tokens.takeOperator("|")) {
        steps.add(filter());
      } else if (tokens.takeName("is")) {
        steps.add(test());
      } else if (tokens.takeOperator("(")) {
        steps.add(call());
      } else {
        return value.then(steps);
      }
    }
  }

  private Step filter() {
    Token name = tokens.expect(Kind.NAME, "the name of a filter");
    Filters.Filter filter = Filters.named(name.text(), name.line());
    Call arguments = tokens.takeOperator("(") ? arguments() : Call.EMPTY;
    return (value, frame) -> filter.apply(value, arguments.evaluate(frame), frame);
  }

  private Step test() {
    boolean negated = tokens.takeName("not");
    Token name = tokens.expect(Kind.NAME, "the name of a test");
    FilterTests.Test test = FilterTests.named(name.text(), name.line());
    Call arguments = testArguments();
    return (value, frame) ->
        negated != test.holds(value, arguments.evaluate(frame), frame.budget());
  }

  private Call testArguments() {
    Token token = tokens.peek();
    if (tokens.takeOperator("(")) {
      return arguments();
    }
    boolean begins =
        switch (token.kind()) {
          case NAME -> !Set.of("else", "or", "and").contains(token.text());
          case STRING, INTEGER, FLOAT -> true;
          default -> token.isOperator("[") || token.isOperator("{");
        };
    if (!begins) {
      return Call.EMPTY;
    }
    if (token.isName("is")) {
      throw new JinjaException("tests cannot be chained with 'is'").at(token.line());
    }
    return new Call(List.of(postfix(expressions.primary())), Map.of());
  }
}
