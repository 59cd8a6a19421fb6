package io.github.tralign.djl.chat.jinja;

/** A function, a method of a value, or a macro. */
@FunctionalInterface
interface Callable {
  Object call(Arguments arguments, Frame frame);
}
