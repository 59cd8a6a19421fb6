package io.github.tralign.data;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A histogram of lengths.
 *
 * @param counts number of sequences by length in tokens, without zeros
 */
public record LengthHistogram(ImmutableSortedMap<Integer, Long> counts) {

  private static final int BAR_WIDTH = 40;

  /**
   * The sequences with lengths between two powers of two.
   *
   * @param from the smallest length, inclusive
   * @param to the largest length, inclusive
   */
  public record Bin(int from, int to, long count) {}

  /** Number of sequences. */
  public long count() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Total number of tokens. */
  public long tokens() {
    return counts.entrySet().stream().mapToLong(it -> it.getKey() * it.getValue()).sum();
  }

  /** Mean length; 0 if there are no sequences. */
  public double mean() {
    return count() == 0 ? 0 : (double) tokens() / count();
  }

  /**
   * A quantile of the lengths; 0 if there are no sequences.
   *
   * @param share share of the sequences that are at most this long, in [0, 1]
   */
  public int quantile(double share) {
    long needed = (long) Math.ceil(share * count());
    long seen = 0;
    for (Map.Entry<Integer, Long> length : counts.entrySet()) {
      seen += length.getValue();
      if (seen >= needed) {
        return length.getKey();
      }
    }
    return 0;
  }

  /**
   * Bins between powers of two, from the shortest to the longest sequence, including empty ones.
   */
  public ImmutableList<Bin> bins() {
    if (counts.isEmpty()) {
      return ImmutableList.of();
    }
    ImmutableList.Builder<Bin> bins = ImmutableList.builder();
    int from = Integer.highestOneBit(counts.firstKey());
    while (from > 0 && from <= counts.lastKey()) {
      int to = from + (from - 1);
      long count =
          counts.subMap(from, true, to, true).values().stream().mapToLong(Long::longValue).sum();
      bins.add(new Bin(from, to, count));
      from <<= 1;
    }
    return bins.build();
  }

  /** The histogram as lines of text. */
  public List<String> lines(String what) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s: %,d; tokens: mean %.1f, median %,d, 90 %% at most %,d, 99 %% at most %,d, longest %,d",
            what,
            count(),
            mean(),
            quantile(0.5),
            quantile(0.9),
            quantile(0.99),
            quantile(1)));
    long most = bins().stream().mapToLong(Bin::count).max().orElse(1);
    for (Bin bin : bins()) {
      int bar = (int) Math.ceil((double) BAR_WIDTH * bin.count() / most);
      lines.add(
          String.format(
              Locale.ROOT,
              "  %,9d to %,9d  %-" + BAR_WIDTH + "s  %,d",
              bin.from(),
              bin.to(),
              "█".repeat(bar),
              bin.count()));
    }
    return lines;
  }
}
