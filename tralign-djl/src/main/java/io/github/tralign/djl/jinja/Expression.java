package io.github.tralign.djl.jinja;

/** A piece of a template that has a value. */
@FunctionalInterface
interface Expression {
  Object in(Frame frame);

  default boolean holds(Frame frame) {
    return Python.truth(in(frame));
  }
}
