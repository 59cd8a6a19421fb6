package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Longs;
import io.github.tralign.djl.CachedSequence.Segment;
import io.github.tralign.djl.model.DecoderSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The tokens of one pass that extends cached sequences, in the form of {@code decode.torchscript}.
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
  private final List<List<List<Long>>> seen; // of each window, a row for each block
  private int longest;
  private int width;

  CachedPass(DecoderSpec model) {
    this.model = model;
    seen = model.windows().stream().<List<List<Long>>>mapToObj(it -> new ArrayList<>()).toList();
  }

  /**
   * Adds tokens of a sequence, those from position {@code from} on.
   *
   * @param isLong whether they are rotated as in long sequences, see {@link
   *     DecoderSpec#rotaryBorder}
   */
  void add(CachedSequence sequence, int from, boolean isLong) {
    int[] tokens = sequence.tokens(from);
    int end = from + tokens.length;
    for (int begin = from; begin < end; begin += BLOCK) {
      int length = Math.min(BLOCK, end - begin);
      for (int window = 0; window < seen.size(); window++) {
        see(sequence, begin, length, model.windows().get(window), seen.get(window));
      }
      for (int position = begin; position < begin + length; position++) {
        ids.add((long) tokens[position - from]);
        positions.add((long) position);
        angles.add(model.rotatesByLength() ? 2L * position + (isLong ? 1 : 0) : position);
        slots.add((long) sequence.slot(position));
      }
    }
    last.add(ids.size() - 1L);
    longest = Math.max(longest, end);
  }

  /** A block of queries, from position {@code begin} on, and the keys that any of them sees. */
  private void see(
      CachedSequence sequence, int begin, int length, int window, List<List<Long>> rows) {
    int reached = window == 0 ? 0 : Math.max(0, begin - window + 1);
    int first = window == 0 ? Integer.MIN_VALUE / 2 : begin - window + 1 - reached;
    List<Long> row = new ArrayList<>(Longs.asList(ids.size(), length, first));
    for (Segment segment : sequence.segments(reached, begin + length)) {
      row.add((long) segment.start());
      row.add((long) segment.length());
    }
    rows.add(row);
    width = Math.max(width, row.size());
  }

  long[] ids() {
    return Longs.toArray(ids);
  }

  long[] positions() {
    return Longs.toArray(positions);
  }

  /** The row of each token in the tables of rotary embeddings. */
  long[] angles() {
    return Longs.toArray(angles);
  }

  /** The place of each token in the cache. */
  long[] slots() {
    return Longs.toArray(slots);
  }

  /** The last token of each sequence. */
  long[] last() {
    return Longs.toArray(last);
  }

  /** The length of the longest sequence. */
  int longest() {
    return longest;
  }

  /** Which keys the tokens see, for each window of the model. */
  List<NDArray> seen(NDManager manager) {
    return seen.stream()
        .map(
            rows ->
                manager.create(rows.stream().flatMapToLong(this::padded).toArray(), shape(rows)))
        .collect(ImmutableList.toImmutableList());
  }

  private Shape shape(List<List<Long>> rows) {
    return new Shape(rows.size(), width);
  }

  private LongStream padded(List<Long> row) {
    return LongStream.range(0, width).map(i -> i < row.size() ? row.get((int) i) : 0);
  }
}
