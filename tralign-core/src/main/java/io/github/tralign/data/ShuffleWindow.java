package io.github.tralign.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Examples in an order drawn from a window that slides over them: any of those in it may be next,
 * and the one behind the window takes its place. The last of them are drawn from what is left. So
 * an example comes early by less than the window's length, and late by any number.
 */
final class ShuffleWindow implements Iterator<Example> {

  private final Iterator<Example> examples;
  private final int length;
  private final Draws draws;
  private final List<Example> window = new ArrayList<>();

  /**
   * A window over examples.
   *
   * @param length at least 1, which leaves the examples in their own order
   */
  ShuffleWindow(Iterator<Example> examples, int length, Draws draws) {
    this.examples = examples;
    this.length = length;
    this.draws = draws;
  }

  @Override
  public boolean hasNext() {
    while (window.size() < length && examples.hasNext()) {
      window.add(examples.next());
    }
    return !window.isEmpty();
  }

  @Override
  public Example next() {
    if (!hasNext()) {
      throw new NoSuchElementException("there is no further example");
    }
    int last = window.size() - 1;
    int drawn = draws.below(window.size());
    Example example = window.get(drawn);
    window.set(drawn, window.get(last));
    window.remove(last);
    return example;
  }
}
