package io.github.tralign.djl;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.Ints;
import io.github.tralign.generate.DecodingSession;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A sequence in a {@link KeyValueCache}: its own region, after that of a parent. */
final class CachedSequence implements DecodingSession.Sequence {

  /** A run of tokens in the cache. */
  record Segment(int start, int length) {}

  private final int start;
  private final int region;
  private @Nullable CachedSequence parent;
  private int[] own;
  private int length; // with the parent's
  private int children;
  private boolean released;

  /**
   * An empty sequence.
   *
   * @param start the first token of its region
   * @param region the length of its region
   * @param reserved the number of tokens that it can hold beyond the parent's; the region is longer
   *     if it may have to {@link #detach}
   */
  CachedSequence(@Nullable CachedSequence parent, int start, int region, int reserved) {
    this.parent = parent;
    this.start = start;
    this.region = region;
    own = new int[reserved];
    length = sharedLength();
    if (parent != null) {
      parent.children++;
    }
  }

  private int sharedLength() {
    return parent == null ? 0 : parent.length;
  }

  @Override
  public int length() {
    return length;
  }

  int start() {
    return start;
  }

  int region() {
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

  /** Whether its region is in use no longer. */
  boolean isUnused() {
    return released && children == 0;
  }

  void release() {
    released = true;
  }

  void releaseChild() {
    children--;
  }

  void add(ImmutableIntArray tokens) {
    int used = length - sharedLength();
    checkArgument(
        used + tokens.length() <= own.length,
        "a sequence with room for %s tokens cannot hold %s",
        own.length,
        used + tokens.length());
    for (int i = 0; i < tokens.length(); i++) {
      own[used + i] = tokens.get(i);
    }
    length += tokens.length();
  }

  /** Takes the last tokens away. */
  void shorten(int tokens) {
    length -= tokens;
  }

  /** Makes the parent's tokens its own; their keys and values must be computed again. */
  void detach() {
    own = Ints.concat(Arrays.copyOf(required().own, required().length), own);
    required().children--;
    parent = null;
  }

  private CachedSequence required() {
    return requireNonNull(parent);
  }

  /** Its tokens from a position on, which is not one of the parent's. */
  ImmutableIntArray tokens(int from) {
    int shared = sharedLength();
    return ImmutableIntArray.copyOf(Arrays.copyOfRange(own, from - shared, length - shared));
  }

  /** The place in the cache of a token of its own. */
  int slot(int position) {
    return start + position - sharedLength();
  }

  /** The parent's tokens among those of the positions in [from, to). */
  Segment shared(int from, int to) {
    if (parent == null) {
      return new Segment(0, 0);
    }
    int n = Math.max(0, Math.min(to, parent.length) - from);
    return new Segment(n == 0 ? 0 : parent.start + from, n);
  }

  /** Its own tokens among those of the positions in [from, to). */
  Segment own(int from, int to) {
    int begin = Math.max(from, sharedLength());
    return new Segment(slot(begin), to - begin);
  }
}
