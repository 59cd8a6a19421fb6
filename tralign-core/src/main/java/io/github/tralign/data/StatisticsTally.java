package io.github.tralign.data;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.hash.Hashing;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.ImmutableLongArray;
import io.github.tralign.data.row.Judgement;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects the statistics of used rows, in a few bytes per row. */
final class StatisticsTally {

  private final SortedMap<Integer, Long> prompts = new TreeMap<>();
  private final SortedMap<Integer, Long> chosen = new TreeMap<>();
  private final SortedMap<Integer, Long> rejected = new TreeMap<>();
  private final SortedMap<Integer, Long> others = new TreeMap<>();
  private final ImmutableLongArray.Builder hashes = ImmutableLongArray.builder();
  private ByteBuffer bytes = ByteBuffer.allocate(0); // what is hashed
  private long chosenLonger;
  private long chosenShorter;
  private long desirable;
  private long undesirable;
  private long sharedTokens;

  void add(Example example) {
    count(prompts, example.prompt());
    if (example.isPair()) {
      count(chosen, example.chosen());
      count(rejected, example.rejected());
      int difference = example.chosen().length() - example.rejected().length();
      chosenLonger += difference > 0 ? 1 : 0;
      chosenShorter += difference < 0 ? 1 : 0;
    } else {
      example.completions().forEach(completion -> count(others, completion));
    }
    Judgement.Label label = example.judgement().label();
    desirable += label == Judgement.Label.DESIRABLE ? 1 : 0;
    undesirable += label == Judgement.Label.UNDESIRABLE ? 1 : 0;
    sharedTokens += (example.completions().size() - 1L) * example.prompt().length();
    hashes.add(hash(example));
  }

  DataStatistics statistics() {
    return new DataStatistics(
        histogram(prompts),
        histogram(chosen),
        histogram(rejected),
        histogram(others),
        chosenLonger,
        chosenShorter,
        desirable,
        undesirable,
        sharedTokens,
        duplicates());
  }

  /** Of n rows about n² / 2^65 are wrongly counted as equal: 0.01 rows in a billion. */
  private long hash(Example example) {
    int numbers = 1 + example.completions().size() + example.packedTokens();
    if (bytes.capacity() < numbers * Integer.BYTES) {
      bytes = ByteBuffer.allocate(2 * numbers * Integer.BYTES);
    }
    bytes.clear();
    put(example.prompt());
    example.completions().forEach(this::put);
    return Hashing.farmHashFingerprint64().hashBytes(bytes.array(), 0, bytes.position()).asLong();
  }

  private void put(ImmutableIntArray tokens) {
    bytes.putInt(tokens.length()); // so that tokens cannot move from one part to the next
    tokens.forEach(bytes::putInt);
  }

  /** Sorting costs no memory but the hashes themselves. */
  private long duplicates() {
    long[] sorted = hashes.build().toArray();
    Arrays.sort(sorted);
    long duplicates = 0;
    for (int i = 1; i < sorted.length; i++) {
      duplicates += sorted[i] == sorted[i - 1] ? 1 : 0;
    }
    return duplicates;
  }

  private static void count(SortedMap<Integer, Long> lengths, ImmutableIntArray tokens) {
    lengths.merge(tokens.length(), 1L, Long::sum);
  }

  private static LengthHistogram histogram(SortedMap<Integer, Long> lengths) {
    return new LengthHistogram(ImmutableSortedMap.copyOfSorted(lengths));
  }
}
