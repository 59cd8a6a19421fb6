package io.github.tralign.djl.chat.jinja;

import com.google.common.collect.ImmutableList;
import java.util.List;

/** A part of a template that has a value. */
@FunctionalInterface
interface Expression {
  Object evaluate(Frame frame);

  default boolean isTrue(Frame frame) {
    return Python.isTruthy(evaluate(frame));
  }

  /** The same expression, counted as one level of nesting. */
  default Expression nested() {
    return frame -> {
      frame.budget().enter();
      try {
        return evaluate(frame);
      } finally {
        frame.budget().leave();
      }
    };
  }

  /** Applies steps from left to right, in a loop, so that a long chain needs no deep recursion. */
  default Expression then(List<Step> steps) {
    if (steps.isEmpty()) {
      return this;
    }
    ImmutableList<Step> all = ImmutableList.copyOf(steps);
    return frame -> {
      Object value = evaluate(frame);
      for (Step step : all) {
        frame.budget().charge(1);
        value = step.apply(value, frame);
      }
      return value;
    };
  }

  /** The values of several expressions, in order. */
  static ImmutableList<Object> all(List<Expression> expressions, Frame frame) {
    frame.budget().chargeItems(expressions.size());
    ImmutableList.Builder<Object> values =
        ImmutableList.builderWithExpectedSize(expressions.size());
    expressions.forEach(expression -> values.add(expression.evaluate(frame)));
    return values.build();
  }

  /** An operator, attribute, call or filter, applied to the value on its left. */
  @FunctionalInterface
  interface Step {
    Object apply(Object left, Frame frame);
  }
}
