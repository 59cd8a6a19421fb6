package io.github.tralign.djl.chat.jinja;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.tralign.djl.chat.jinja.Functions.Callable;
import io.github.tralign.djl.chat.jinja.PythonValues.Namespace;
import io.github.tralign.djl.chat.jinja.PythonValues.Undefined;
import io.github.tralign.djl.chat.jinja.Statement.Flow;
import io.github.tralign.djl.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Parses statements, between {@code {%} and {@code %}}, and the text around them. */
final class TemplateParser {

  private static final ImmutableSet<String> RESERVED =
      ImmutableSet.of("true", "false", "none", "True", "False", "None", "loop", "caller");

  private final Tokens tokens;
  private final ExpressionParser expressions;
  private int depth;
  private int loops;

  private TemplateParser(Tokens tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
  }

  static Statement parse(String template) {
    TemplateParser parser = new TemplateParser(new Tokens(Lexer.tokens(template)));
    Statement all = parser.body(Set.of());
    parser.tokens.expect(Kind.END, "the template's end");
    return all;
  }

  /** Statements up to a tag named in {@code until}, whose name is then the next token. */
  private Statement body(Set<String> until) {
    if (++depth > Budget.MAX_NESTING) {
      throw new JinjaException("tags are nested too deeply").at(tokens.peek().line());
    }
    List<Statement> statements = new ArrayList<>();
    while (tokens.peek().kind() != Kind.END) {
      Token token = tokens.next();
      switch (token.kind()) {
        case DATA -> statements.add(printing(token.text()).at(token.line()));
        case PRINT_BEGIN -> statements.add(print().at(token.line()));
        default -> {
          if (until.contains(tokens.peek().text()) && tokens.peek().kind() == Kind.NAME) {
            depth--;
            return Statement.all(ImmutableList.copyOf(statements));
          }
          statements.add(tag().at(token.line()));
        }
      }
    }
    if (!until.isEmpty()) {
      throw tokens.unexpected("one of the tags " + until);
    }
    depth--;
    return Statement.all(ImmutableList.copyOf(statements));
  }

  private static Statement printing(String text) {
    return frame -> {
      frame.print(text);
      return Flow.NEXT;
    };
  }

  private Statement print() {
    Expression value = expressions.tuple();
    tokens.expect(Kind.PRINT_END, "'}}'");
    return frame -> {
      frame.print(Python.str(value.evaluate(frame), frame.budget()));
      return Flow.NEXT;
    };
  }

  private Statement tag() {
    Token name = tokens.expect(Kind.NAME, "the name of a tag");
    return switch (name.text()) {
      case "if" -> condition();
      case "for" -> loop();
      case "set" -> set();
      case "macro" -> macro();
      case "generation" -> generation();
      case "break" -> leave(name, Flow.BREAK);
      case "continue" -> leave(name, Flow.CONTINUE);
      default -> throw JinjaException.unsupported("the tag '" + name.text() + "'").at(name.line());
    };
  }

  private Statement leave(Token name, Flow then) {
    if (loops == 0) {
      throw new JinjaException("'" + name.text() + "' is outside a loop").at(name.line());
    }
    endTag();
    return frame -> then;
  }

  /** A block that marks the assistant's text; it does not affect the output. */
  private Statement generation() {
    endTag();
    int around = loops;
    loops = 0;
    Statement body = body(Set.of("endgeneration"));
    loops = around;
    end("endgeneration");
    return frame -> {
      Frame block = frame.captured();
      body.run(block);
      frame.print(block.output());
      return Flow.NEXT;
    };
  }

  private record Branch(Expression test, Statement body) {}

  private Statement condition() {
    ImmutableList.Builder<Branch> branches = ImmutableList.builder();
    do {
      Expression test = expressions.tuple();
      endTag();
      branches.add(new Branch(test, body(Set.of("elif", "else", "endif"))));
    } while (tokens.takeName("elif"));
    if (tokens.takeName("else")) {
      endTag();
      branches.add(new Branch(frame -> true, body(Set.of("endif"))));
    }
    end("endif");
    return choice(branches.build());
  }

  private static Statement choice(List<Branch> branches) {
    return frame -> {
      for (Branch branch : branches) {
        frame.budget().charge(1);
        if (branch.test().isTrue(frame)) {
          return branch.body().run(frame);
        }
      }
      return Flow.NEXT;
    };
  }

  private Statement loop() {
    BiConsumer<Frame, Object> target = target(false);
    tokens.expectName("in");
    Expression items = expressions.unconditional();
    Expression filter = tokens.takeName("if") ? expressions.expression() : frame -> true;
    if (tokens.peek().isName("recursive")) {
      throw JinjaException.unsupported("a recursive loop").at(tokens.peek().line());
    }
    endTag();
    loops++;
    Statement body = body(Set.of("else", "endfor"));
    loops--;
    Statement otherwise = frame -> Flow.NEXT;
    if (tokens.takeName("else")) {
      endTag();
      otherwise = body(Set.of("endfor"));
    }
    end("endfor");
    return new ForLoop(target, items, filter, body, otherwise);
  }

  private Statement set() {
    if (tokens.peek().kind() == Kind.NAME && tokens.peek(1).isOperator(".")) {
      String namespace = tokens.next().text();
      tokens.next();
      String attribute = tokens.expect(Kind.NAME, "a name").text();
      return assignment((frame, value) -> setAttribute(frame, namespace, attribute, value));
    }
    return assignment(target(true));
  }

  private static void setAttribute(Frame frame, String namespace, String attribute, Object value) {
    if (!(frame.get(namespace) instanceof Namespace attributes)) {
      throw new JinjaException("'" + namespace + "' is not a namespace");
    }
    attributes.set(attribute, value);
  }

  private Statement assignment(BiConsumer<Frame, Object> target) {
    if (tokens.takeOperator("=")) {
      Expression value = expressions.tuple();
      endTag();
      return frame -> {
        target.accept(frame, value.evaluate(frame));
        return Flow.NEXT;
      };
    }
    if (tokens.peek().isOperator("|")) {
      throw JinjaException.unsupported("a filter of a 'set' block").at(tokens.peek().line());
    }
    endTag();
    Statement body = body(Set.of("endset"));
    end("endset");
    return frame -> {
      Frame block = frame.captured();
      body.run(block);
      target.accept(frame, block.output());
      return Flow.NEXT;
    };
  }

  private Statement macro() {
    String name = tokens.expect(Kind.NAME, "the name of a macro").text();
    tokens.expectOperator("(");
    Map<String, @Nullable Expression> parameters = new LinkedHashMap<>();
    while (!tokens.takeOperator(")")) {
      String parameter = tokens.expect(Kind.NAME, "a name").text();
      parameters.put(parameter, tokens.takeOperator("=") ? expressions.expression() : null);
      if (parameters.size() > Arguments.MAX) {
        throw Arguments.tooMany().at(tokens.peek().line());
      }
      if (!tokens.peek().isOperator(")")) {
        tokens.expectOperator(",");
      }
    }
    endTag();
    int around = loops;
    loops = 0;
    Statement body = body(Set.of("endmacro"));
    loops = around;
    end("endmacro");
    String[] names = parameters.keySet().toArray(String[]::new);
    return frame -> {
      frame.set(name, macro(name, names, parameters, body, frame));
      return Flow.NEXT;
    };
  }

  private static Callable macro(
      String name,
      String[] names,
      Map<String, @Nullable Expression> parameters,
      Statement body,
      Frame defined) {
    return (arguments, caller) -> {
      Frame call = defined.captured();
      arguments.checked("the macro '" + name + "'", names);
      for (int i = 0; i < names.length; i++) {
        String parameter = names[i];
        Expression otherwise = parameters.get(parameter);
        call.set(
            parameter,
            arguments
                .get(i, parameter)
                .orElseGet(
                    () ->
                        otherwise == null
                            ? new Undefined("the parameter '" + parameter + "'")
                            : otherwise.evaluate(call)));
      }
      caller.budget().enter();
      try {
        body.run(call);
      } finally {
        caller.budget().leave();
      }
      return call.output();
    };
  }

  /** The target of an assignment: one name, or several names that unpack a value. */
  private BiConsumer<Frame, Object> target(boolean ofSet) {
    List<String> names = new ArrayList<>();
    boolean parentheses = tokens.takeOperator("(");
    do {
      Token name = tokens.expect(Kind.NAME, "a name");
      if (RESERVED.contains(name.text())) {
        throw new JinjaException("'" + name.text() + "' cannot be set").at(name.line());
      }
      names.add(name.text());
    } while (tokens.takeOperator(","));
    if (parentheses) {
      tokens.expectOperator(")");
    }
    if (names.size() == 1 && !parentheses) {
      String name = names.get(0);
      return (frame, value) -> frame.set(name, value);
    }
    return (frame, value) -> unpack(frame, names, value);
  }

  private static void unpack(Frame frame, List<String> names, Object value) {
    List<Object> items = Python.iterate(value, frame.budget());
    if (items.size() != names.size()) {
      throw new JinjaException(items.size() + " items cannot be unpacked to the names " + names);
    }
    for (int i = 0; i < items.size(); i++) {
      frame.set(names.get(i), items.get(i));
    }
  }

  private void end(String name) {
    tokens.expectName(name);
    endTag();
  }

  private void endTag() {
    tokens.expect(Kind.TAG_END, "'%}'");
  }
}
