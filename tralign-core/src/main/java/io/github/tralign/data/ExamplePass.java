package io.github.tralign.data;

import java.util.Iterator;

/**
 * One pass over the examples of a source, in their order.
 *
 * @param closing leaves the examples that were not taken
 */
record ExamplePass(Iterator<Example> examples, Runnable closing) implements AutoCloseable {

  @Override
  public void close() {
    closing.run();
  }
}
