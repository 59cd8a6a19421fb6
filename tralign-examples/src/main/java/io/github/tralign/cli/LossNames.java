package io.github.tralign.cli;

import java.util.Arrays;
import java.util.Iterator;

/** The losses by name, for the help. */
final class LossNames implements Iterable<String> {

  @Override
  public Iterator<String> iterator() {
    return Arrays.stream(LossKind.values()).map(LossKind::toString).iterator();
  }
}
