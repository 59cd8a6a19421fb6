package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.Longs;
import io.github.tralign.djl.CachedSequence.Segment;
import io.github.tralign.djl.model.DecoderSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokens of one pass that extends cached sequences, in the form of {@code decode.torchscript}.
 * There are two at least: a single one is there twice, and keys and values of the second are not
 * used.
 */
final class CachedPass {

  /**
   * The queries of a sequence whose attention is computed at once, so that the scores of a long
   * prompt do not need memory for its length squared.
   */
  private static final int BLOCK = 256;

  private final DecoderSpec model;
  private final List<Long> ids = new ArrayList<>();
  private final List<Long> positions = new ArrayList<>();
  private final List<Long> slots = new ArrayList<>();
  private final List<Long> angles = new ArrayList<>();
  private final List<Long> last = new ArrayList<>();
  private final List<List<Long>> seen; // of each window
  private final long unused;
  private int longest;

  /**
   * An empty pass.
   *
   * @param unused the place in the cache of a token that no sequence has
   */
  CachedPass(DecoderSpec model, int unused) {
    this.model = model;
    this.unused = unused;
    seen = model.windows().stream().<List<Long>>mapToObj(it -> new ArrayList<>()).toList();
  }

  /**
   * Adds tokens of a sequence, those from position {@code from} on.
   *
   * @param isLong whether they are rotated as in long sequences, see {@link
   *     DecoderSpec#rotaryBorder}
   */
  void add(CachedSequence sequence, int from, boolean isLong) {
    ImmutableIntArray tokens = sequence.tokens(from);
    int end = from + tokens.length();
    for (int begin = from; begin < end; begin += BLOCK) {
      int length = Math.min(BLOCK, end - begin);
      for (int window = 0; window < seen.size(); window++) {
        see(sequence, begin, length, model.windows().get(window), seen.get(window));
      }
      for (int position = begin; position < begin + length; position++) {
        ids.add((long) tokens.get(position - from));
        positions.add((long) position);
        angles.add(model.rotatesByLength() ? 2L * position + (isLong ? 1 : 0) : position);
        slots.add((long) sequence.slot(position));
      }
    }
    last.add(ids.size() - 1L);
    longest = Math.max(longest, end);
  }

  /** A block of queries, from position {@code begin} on, and the keys that any of them sees. */
  private void see(CachedSequence sequence, int begin, int length, int window, List<Long> rows) {
    int reached = window == 0 ? 0 : Math.max(0, begin - window + 1);
    int first = window == 0 ? Integer.MIN_VALUE / 2 : begin - window + 1 - reached;
    Segment shared = sequence.shared(reached, begin + length);
    Segment own = sequence.own(reached, begin + length);
    rows.addAll(
        Longs.asList(
            ids.size(), length, shared.start(), shared.length(), own.start(), own.length(), first));
  }

  private static long[] twice(long first, long second) {
    return new long[] {first, second};
  }

  private static long[] twoAtLeast(List<Long> values) {
    return values.size() == 1 ? new long[] {values.get(0), values.get(0)} : Longs.toArray(values);
  }

  long[] ids() {
    return twoAtLeast(ids);
  }

  long[] positions() {
    return twoAtLeast(positions);
  }

  /** The row of each token in the tables of rotary embeddings. */
  long[] angles() {
    return twoAtLeast(angles);
  }

  /** The place of each token in the cache. */
  long[] slots() {
    return slots.size() == 1 ? twice(slots.get(0), unused) : Longs.toArray(slots);
  }

  /** The last token of each sequence. */
  long[] last() {
    return twoAtLeast(last);
  }

  /** The length of the longest sequence. */
  int longest() {
    return longest;
  }

  /** Which keys the tokens see, for each window of the model. */
  List<NDArray> seen(NDManager manager) {
    return seen.stream()
        .map(it -> manager.create(Longs.toArray(it), new Shape(it.size() / 7, 7)))
        .collect(ImmutableList.toImmutableList());
  }
}
