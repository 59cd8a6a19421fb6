package io.github.tralign.djl.chat.jinja;

/** What stands between two values. */
@FunctionalInterface
interface Operator {
  Object apply(Object left, Object right, Budget budget);
}
