package io.github.tralign.djl.chat.jinja;

import com.google.common.collect.ImmutableList;

/** Python's tuple: a list that prints in parentheses and equals no list. */
record Tuple(ImmutableList<Object> items) {

  static Tuple of(Object... items) {
    return new Tuple(ImmutableList.copyOf(items));
  }
}
