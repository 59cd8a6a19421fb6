package io.github.tralign.djl.chat.jinja;

/** What an operator, an attribute, a call or a filter makes of the value on its left. */
@FunctionalInterface
interface Step {
  Object apply(Object left, Frame frame);
}
