package io.github.tralign.data;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Shuffles examples within a sliding window: the next example is drawn at random from the window,
 * and the next one of the source takes its place. At the end the window empties. So an example can
 * move forward by less than the window's length, and back by any number.
 */
final class ShuffleWindow implements Iterator<Example> {

  private final Iterator<Example> examples;
  private final int length;
  private final EpochRandom draws;
  private final List<Example> window = new ArrayList<>();

  /**
   * Shuffles examples.
   *
   * @param length size of the window, at least 1; 1 keeps the order
   */
  ShuffleWindow(Iterator<Example> examples, int length, EpochRandom draws) {
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
      throw new NoSuchElementException("there are no more examples");
    }
    int last = window.size() - 1;
    int drawn = draws.below(window.size());
    Example example = window.get(drawn);
    window.set(drawn, window.get(last));
    window.remove(last);
    return example;
  }
}
