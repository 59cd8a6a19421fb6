package io.github.tralign.data.form;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.row.Row;
import io.github.tralign.random.L64X128Mix;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Mixes the rows of several readers: each row is from a reader drawn at random with a probability
 * proportional to its weight. Reading ends when the drawn reader has no more rows, so the
 * proportions hold to the end, and no row is used twice.
 */
final class MixedRows implements RowReader {

  private final ImmutableList<RowReader> readers;
  private final ImmutableList<Double> weights;
  private final RandomGenerator random;
  private @Nullable RowReader drawn;

  /**
   * Mixes rows.
   *
   * @param weights one for each reader, all &gt; 0
   */
  MixedRows(List<RowReader> readers, ImmutableList<Double> weights, long seed) {
    this.readers = ImmutableList.copyOf(readers);
    this.weights = weights;
    // A fixed algorithm, independent of the Java version.
    this.random = new L64X128Mix(seed);
  }

  @Override
  public boolean hasNext() {
    if (drawn == null) {
      drawn = draw();
    }
    return drawn.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext() || drawn == null) {
      throw new NoSuchElementException("there are no more rows");
    }
    Row row = drawn.next();
    drawn = null;
    return row;
  }

  private RowReader draw() {
    double total = weights.stream().mapToDouble(Double::doubleValue).sum();
    double left = (random.nextLong() >>> 11) * 0x1.0p-53 * total; // in [0, total)
    for (int i = 0; i < readers.size() - 1; i++) {
      left -= weights.get(i);
      if (left < 0) {
        return readers.get(i);
      }
    }
    return readers.get(readers.size() - 1);
  }

  @Override
  public long records() {
    return readers.stream().mapToLong(RowReader::records).sum();
  }

  @Override
  public ImmutableList<SourceReport> sources() {
    return readers.stream()
        .flatMap(reader -> reader.sources().stream())
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public void close() {
    readers.forEach(RowReader::close);
  }
}
