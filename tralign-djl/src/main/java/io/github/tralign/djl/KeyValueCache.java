package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.math.IntMath;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.model.DecoderSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The keys and values of tokens, for all layers. The tokens of a region are next to each other;
 * regions move together where the gaps between them are too short for another.
 */
final class KeyValueCache {

  /** Products give equal bits only to numbers that lie alike in the processor's 64-byte lines. */
  private static final int FLOATS_PER_LINE = 16;

  private final Kernels kernels;
  private final ImmutableList<NDArray> arrays;
  private final int alignment;
  private final int slots;
  private final List<Region> regions = new ArrayList<>(); // in order of their places

  /** A run of places for the tokens of one sequence. */
  static final class Region {
    private final int length;
    private int start;

    private Region(int start, int length) {
      this.start = start;
      this.length = length;
    }

    /** The first place; it may change with each {@link #reserve}. */
    int start() {
      return start;
    }

    private int end() {
      return start + length;
    }
  }

  /**
   * Allocates the cache, which is freed with its manager; the system provides memory only as it is
   * used.
   *
   * @param tokens the number of tokens that fit in it
   * @throws ArithmeticException if they need more places than an int counts
   */
  KeyValueCache(DecoderSpec model, int tokens, Kernels kernels, NDManager manager) {
    this.kernels = kernels;
    alignment = FLOATS_PER_LINE / IntMath.gcd(FLOATS_PER_LINE, model.headSize());
    slots = Math.multiplyExact(tokens, alignment);
    Shape shape = new Shape(model.keyValueHeads(), slots, model.headSize());
    arrays =
        IntStream.range(0, 2 * model.layers())
            .mapToObj(i -> manager.create(shape, DataType.FLOAT32))
            .collect(ImmutableList.toImmutableList());
  }

  /** The keys and the values of each layer in turn, [K, S, D] each. */
  ImmutableList<NDArray> arrays() {
    return arrays;
  }

  /**
   * Reserves a region.
   *
   * @throws IllegalStateException if there are not as many places left
   */
  Region reserve(int tokens) {
    int length = (tokens + alignment - 1) / alignment * alignment;
    int index = gapBefore(length);
    if (index < 0) {
      closeGaps();
      index = gapBefore(length);
    }
    if (index < 0) {
      throw new IllegalStateException("the cache has no room for " + tokens + " more tokens");
    }
    Region reserved = new Region(endBefore(index), length);
    regions.add(index, reserved);
    return reserved;
  }

  /** The index of the first region with a gap before it that is long enough, or −1. */
  private int gapBefore(int length) {
    for (int i = 0; i <= regions.size(); i++) {
      int next = i < regions.size() ? regions.get(i).start : slots;
      if (next - endBefore(i) >= length) {
        return i;
      }
    }
    return -1;
  }

  private int endBefore(int index) {
    return index == 0 ? 0 : regions.get(index - 1).end();
  }

  /** Moves all regions to the front. */
  private void closeGaps() {
    int end = 0;
    for (Region region : regions) {
      if (region.start > end) {
        kernels.run("move", arrays, region.start, end, region.length);
        region.start = end;
      }
      end = region.end();
    }
  }

  /** Gives a region back. */
  void release(Region region) {
    regions.remove(region);
  }
}
