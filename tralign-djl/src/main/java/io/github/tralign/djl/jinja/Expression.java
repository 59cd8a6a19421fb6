package io.github.tralign.djl.jinja;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** A piece of a template that has a value. */
@FunctionalInterface
interface Expression {
  Object in(Frame frame);

  default boolean holds(Frame frame) {
    return Python.truth(in(frame));
  }

  /** The values of several, in their order. */
  static ImmutableList<Object> all(List<Expression> expressions, Frame frame) {
    ImmutableList.Builder<Object> values = ImmutableList.builder();
    expressions.forEach(expression -> values.add(expression.in(frame)));
    return values.build();
  }
}
