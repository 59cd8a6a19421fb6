package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import io.github.tralign.djl.model.DecoderSpec;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The keys and values of tokens, for all layers. Each sequence has a region of its own in which its
 * tokens are next to each other.
 */
final class KeyValueCache implements AutoCloseable {

  private final NDManager manager;
  private final ImmutableList<NDArray> arrays;
  private final int unused;
  private final TreeMap<Integer, Integer> gaps = new TreeMap<>(); // start to length

  /**
   * Allocates the cache; the system provides memory only as it is used.
   *
   * @param tokens the number of tokens that fit in it
   */
  KeyValueCache(DecoderSpec model, int tokens, NDManager parent) {
    manager = parent.newSubManager();
    unused = tokens;
    Shape shape = new Shape(model.keyValueHeads(), tokens + 1, model.headSize());
    arrays =
        IntStream.range(0, 2 * model.layers())
            .mapToObj(i -> manager.create(shape, DataType.FLOAT32))
            .collect(ImmutableList.toImmutableList());
    gaps.put(0, tokens);
  }

  /** The keys and the values of each layer in turn, [K, S, D] each. */
  ImmutableList<NDArray> arrays() {
    return arrays;
  }

  /** A place that no sequence has. */
  int unused() {
    return unused;
  }

  /** The length of the longest region that can be reserved. */
  int longestGap() {
    return gaps.values().stream().mapToInt(it -> it).max().orElse(0);
  }

  /**
   * Reserves the first region that is long enough.
   *
   * @return the index of its first token
   * @throws IllegalArgumentException if there is none
   */
  int reserve(int tokens) {
    Map.Entry<Integer, Integer> gap =
        gaps.entrySet().stream()
            .filter(it -> it.getValue() >= tokens)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the cache has no room for "
                            + tokens
                            + " tokens, but for "
                            + longestGap()
                            + " at most"));
    int start = gap.getKey();
    int length = gap.getValue();
    gaps.remove(start);
    if (length > tokens) {
      gaps.put(start + tokens, length - tokens);
    }
    return start;
  }

  /** Gives a region back. */
  void release(int start, int tokens) {
    if (tokens == 0) {
      return;
    }
    int begin = start;
    int length = tokens;
    Map.Entry<Integer, Integer> before = gaps.lowerEntry(start);
    if (before != null && before.getKey() + before.getValue() == start) {
      begin = before.getKey();
      length += before.getValue();
    }
    Integer after = gaps.remove(start + tokens);
    gaps.put(begin, after == null ? length : length + after);
  }

  @Override
  public void close() {
    manager.close();
  }
}
