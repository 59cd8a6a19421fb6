package io.github.tralign.djl.chat.jinja;

import io.github.tralign.djl.chat.jinja.PythonValues.Undefined;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The state in which a template runs: the variables of nested scopes, and the output. */
final class Frame {

  private final @Nullable Frame parent;
  private final Map<String, Object> variables;
  private final TextBuilder output;

  private Frame(@Nullable Frame parent, Map<String, Object> variables, TextBuilder output) {
    this.parent = parent;
    this.variables = variables;
    this.output = output;
    budget().chargeItems(2);
  }

  /** The outermost scope. */
  static Frame of(Map<String, Object> variables, Budget budget) {
    return new Frame(null, new HashMap<>(variables), new TextBuilder(budget));
  }

  /** A nested scope; its variables are not visible outside. */
  Frame child() {
    return new Frame(this, new HashMap<>(), output);
  }

  /** A nested scope with a separate output. */
  Frame captured() {
    return new Frame(this, new HashMap<>(), new TextBuilder(budget()));
  }

  Object get(String name) {
    for (Frame frame = this; frame != null; frame = frame.parent) {
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
    budget().chargeItems(1);
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
