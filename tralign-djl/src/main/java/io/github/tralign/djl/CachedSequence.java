package io.github.tralign.djl;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.KeyValueCache.Region;
import io.github.tralign.generate.DecodingSession;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sequence in a {@link KeyValueCache}: tokens of its own, after those of a parent. */
final class CachedSequence implements DecodingSession.Sequence {

  /** A run of tokens in the cache. */
  record Segment(int start, int length) {}

  private final int reserved;
  private @Nullable CachedSequence parent;
  private Region region;
  private int[] tokens; // its own
  private int used;
  private int children;
  private boolean released;

  /** An empty sequence. */
  CachedSequence(@Nullable CachedSequence parent, Region region, int reserved) {
    this.parent = parent;
    this.region = region;
    this.reserved = reserved;
    tokens = new int[reserved];
    if (parent != null) {
      parent.children++;
    }
  }

  @Override
  public int length() {
    return shared() + used;
  }

  /** The number of tokens that are its parent's. */
  private int shared() {
    return parent == null ? 0 : parent.length();
  }

  /** The number of tokens that were reserved for it. */
  int reserved() {
    return reserved;
  }

  Region region() {
    return region;
  }

  @Nullable CachedSequence parent() {
    return parent;
  }

  boolean hasChildren() {
    return children > 0;
  }

  boolean isReleased() {
    return released;
  }

  void release() {
    released = true;
  }

  void releaseChild() {
    children--;
  }

  /** The number of tokens that it can still hold. */
  int left() {
    return tokens.length - used;
  }

  void add(ImmutableIntArray added) {
    checkArgument(added.length() <= left(), "%s tokens exceed those reserved", added.length());
    for (int i = 0; i < added.length(); i++) {
      tokens[used + i] = added.get(i);
    }
    used += added.length();
  }

  /** Takes the last tokens away. */
  void shorten(int length) {
    used -= length;
  }

  /**
   * Makes all tokens its own, in another region, for which keys and values must be computed again.
   */
  void detach(Region longer) {
    int[] own = Arrays.copyOf(tokens(0), length() + left());
    used = length();
    tokens = own;
    region = longer;
    parent = null;
  }

  /** The tokens from a position on. */
  int[] tokens(int from) {
    int[] all = new int[length() - from];
    for (CachedSequence one = this; one != null; one = one.parent) {
      int begin = one.shared();
      for (int i = Math.max(0, from - begin); i < one.used; i++) {
        all[begin + i - from] = one.tokens[i];
      }
    }
    return all;
  }

  /** The place in the cache of a token of its own. */
  int slot(int position) {
    return region.start() + position - shared();
  }

  /** Where the tokens of the positions in [from, to) are, in their order. */
  List<Segment> segments(int from, int to) {
    List<Segment> segments = parent == null ? new ArrayList<>() : parent.segments(from, to);
    int begin = Math.max(from, shared());
    int end = Math.min(to, length());
    if (begin < end) {
      segments.add(new Segment(slot(begin), end - begin));
    }
    return segments;
  }
}
