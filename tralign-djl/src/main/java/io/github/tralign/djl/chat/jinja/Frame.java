package io.github.tralign.djl.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a template runs in: the variables of one scope and of those around it, and the output. */
final class Frame {

  private final @Nullable Frame around;
  private final Map<String, Object> variables;
  private final TextBuilder output;

  private Frame(@Nullable Frame around, Map<String, Object> variables, TextBuilder output) {
    this.around = around;
    this.variables = variables;
    this.output = output;
    budget().items(2);
  }

  /** The outermost scope. */
  static Frame of(Map<String, Object> variables, Budget budget) {
    return new Frame(null, new HashMap<>(variables), new TextBuilder(budget));
  }

  /** A scope within this one: what is set there ends with it. */
  Frame inner() {
    return new Frame(this, new HashMap<>(), output);
  }

  /** A scope within this one whose output is kept apart. */
  Frame captured() {
    return new Frame(this, new HashMap<>(), new TextBuilder(budget()));
  }

  Object get(String name) {
    for (Frame frame = this; frame != null; frame = frame.around) {
      budget().charge(1);
      Object value = frame.variables.get(name);
      if (value != null) {
        return value;
      }
    }
    return Optional.<Object>ofNullable(Functions.BY_NAME.get(name))
        .orElseGet(() -> Undefined.of(name));
  }

  void set(String name, Object value) {
    budget().items(1);
    variables.put(name, value);
  }

  void print(String text) {
    output.append(text);
  }

  String output() {
    return output.build();
  }

  Budget budget() {
    return output.budget();
  }
}
