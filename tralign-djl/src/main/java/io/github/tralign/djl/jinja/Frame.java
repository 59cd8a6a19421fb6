package io.github.tralign.djl.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a template runs in: the variables of one scope and of those around it, and the output. */
final class Frame {

  /** Of macros within macros, and of values within values. */
  static final int MAX_DEPTH = 100;

  /** Statements and calls of one rendering: some seconds' worth. */
  private static final int MAX_STEPS = 5_000_000;

  /** Characters of one rendering, and of one text within. */
  static final int MAX_CHARACTERS = 16_000_000;

  private final @Nullable Frame around;
  private final Map<String, Object> variables;
  private final StringBuilder output;
  private final Budget budget;
  private final int depth;

  private Frame(
      @Nullable Frame around,
      Map<String, Object> variables,
      StringBuilder output,
      Budget budget,
      int depth) {
    if (depth > MAX_DEPTH) {
      throw new TemplateFault("macros and loops are nested more than " + MAX_DEPTH + " deep");
    }
    this.around = around;
    this.variables = variables;
    this.output = output;
    this.budget = budget;
    this.depth = depth;
  }

  /** The outermost scope. */
  static Frame of(Map<String, Object> variables) {
    return new Frame(null, new HashMap<>(variables), new StringBuilder(), new Budget(), 0);
  }

  /** A scope within this one: what is set there ends with it. */
  Frame inner() {
    return new Frame(this, new HashMap<>(), output, budget, depth + 1);
  }

  /** A scope within this one whose output is kept apart. */
  Frame captured() {
    return new Frame(this, new HashMap<>(), new StringBuilder(), budget, depth + 1);
  }

  /** A scope within this one for a call that was made {@code from} another. */
  Frame called(Frame from) {
    return new Frame(this, new HashMap<>(), new StringBuilder(), budget, from.depth + 1);
  }

  Object get(String name) {
    for (Frame frame = this; frame != null; frame = frame.around) {
      Object value = frame.variables.get(name);
      if (value != null) {
        return value;
      }
    }
    return Optional.<Object>ofNullable(Functions.BY_NAME.get(name))
        .orElseGet(() -> new Undefined("'" + name + "'"));
  }

  void set(String name, Object value) {
    variables.put(name, value);
  }

  void print(String text) {
    limited(output.length() + (long) text.length());
    output.append(text);
  }

  String output() {
    return output.toString();
  }

  /** Counts a step of work. */
  void step() {
    if (++budget.steps > MAX_STEPS) {
      throw new TemplateFault("it takes more than " + MAX_STEPS + " steps");
    }
  }

  /** Refuses a text that would be too long. */
  static void limited(long characters) {
    if (characters > MAX_CHARACTERS) {
      throw new TemplateFault("it writes more than " + MAX_CHARACTERS + " characters");
    }
  }

  private static final class Budget {
    private int steps;
  }
}
