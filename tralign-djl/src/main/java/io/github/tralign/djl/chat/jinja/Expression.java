package io.github.tralign.djl.chat.jinja;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** A piece of a template that has a value. */
@FunctionalInterface
interface Expression {
  Object in(Frame frame);

  default boolean holds(Frame frame) {
    return Python.truth(in(frame));
  }

  /** The same, counted as a level of what runs. */
  default Expression nested() {
    return frame -> {
      frame.budget().enter();
      try {
        return in(frame);
      } finally {
        frame.budget().leave();
      }
    };
  }

  /** A value and what is done with it from left to right, in a loop: a long chain is not deep. */
  default Expression then(List<Step> steps) {
    if (steps.isEmpty()) {
      return this;
    }
    ImmutableList<Step> all = ImmutableList.copyOf(steps);
    return frame -> {
      Object value = in(frame);
      for (Step step : all) {
        frame.budget().charge(1);
        value = step.apply(value, frame);
      }
      return value;
    };
  }

  /** The values of several, in their order. */
  static ImmutableList<Object> all(List<Expression> expressions, Frame frame) {
    frame.budget().items(expressions.size());
    ImmutableList.Builder<Object> values =
        ImmutableList.builderWithExpectedSize(expressions.size());
    expressions.forEach(expression -> values.add(expression.in(frame)));
    return values.build();
  }
}
