package io.github.tralign.djl.chat.jinja;

import com.google.common.collect.ImmutableList;
import java.util.HashMap;
import java.util.Map;

/** The values of templates that Java has no type for. */
final class PythonValues {

  private PythonValues() {}

  /** Python's {@code None}. */
  enum None {
    NONE;

    @Override
    public String toString() {
      return "None";
    }
  }

  /** Python's tuple: a list that is printed in parentheses and equals no list. */
  record Tuple(ImmutableList<Object> items) {

    static Tuple of(Object... items) {
      return new Tuple(ImmutableList.copyOf(items));
    }
  }

  /**
   * A name without a value: it prints as nothing, is false and has no items; any other use is an
   * error.
   *
   * @param what a description for messages, such as {@code 'tools'}
   */
  record Undefined(String what) {

    /** An undefined variable, attribute or item. */
    static Undefined of(String name) {
      return new Undefined("'" + JinjaException.shortened(name, 80) + "'");
    }

    JinjaException error() {
      return new JinjaException(what + " is undefined");
    }
  }

  /** The result of {@code namespace()}: the only value whose attributes a template may set. */
  static final class Namespace {

    private final Map<String, Object> attributes = new HashMap<>();

    Object get(String name) {
      Object value = attributes.get(name);
      return value == null ? new Undefined("the attribute '" + name + "' of a namespace") : value;
    }

    void set(String name, Object value) {
      if (name.startsWith("_")) {
        throw new JinjaException("an attribute of a namespace cannot begin with '_': " + name);
      }
      attributes.put(name, value);
    }
  }
}
