package io.github.tralign.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableSortedMap;
import io.github.tralign.data.LengthHistogram.Bin;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DataStatisticsTest {

  @Test
  void the_length_bias_counts_pairs_only() {
    DataStatistics statistics =
        of(
            Example.pair(new int[4], new int[3], new int[1]),
            Example.pair(new int[2], new int[2], new int[2]),
            Example.pair(new int[6], new int[1], new int[9]),
            Example.demonstration(new int[5], new int[7]));
    assertThat(statistics.chosenLonger()).isEqualTo(1);
    assertThat(statistics.chosenShorter()).isEqualTo(1);
    assertThat(statistics.lengthBias()).isCloseTo(-2, within(1e-12));
    assertThat(statistics.others().counts()).isEqualTo(ImmutableSortedMap.of(7, 1L));
    assertThat(statistics.sharedTokens()).isEqualTo(4 + 2 + 6);
    assertThat(statistics.sharedShare()).isCloseTo(12.0 / (12 + 17 + 18 + 7), within(1e-12));
  }

  @Test
  void labels_are_counted() {
    DataStatistics statistics =
        of(
            Example.labelled(new int[1], new int[1], true),
            Example.labelled(new int[1], new int[2], true),
            Example.labelled(new int[1], new int[3], false),
            Example.demonstration(new int[1], new int[4]));
    assertThat(statistics.lines()).contains("labels: 2 desirable, 1 undesirable");
    assertThat(of(Example.demonstration(new int[1], new int[4])).lines())
        .noneMatch(line -> line.startsWith("labels"));
  }

  @Test
  void rows_are_duplicates_only_if_all_their_tokens_are_in_the_same_parts() {
    Example row = Example.pair(new int[] {1, 2}, new int[] {3}, new int[] {4});
    Example moved = Example.pair(new int[] {1}, new int[] {2, 3}, new int[] {4});
    Example swapped = Example.pair(new int[] {1, 2}, new int[] {4}, new int[] {3});
    assertThat(of(row, moved, swapped).duplicates()).isZero();
    assertThat(of(row, moved, row, swapped, row).duplicates()).isEqualTo(2);
  }

  @Property
  void the_order_of_rows_does_not_matter(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 1, max = 4) Integer> lengths,
      @ForAll long seed) {
    List<Example> examples = new ArrayList<>();
    lengths.forEach(n -> examples.add(Example.pair(new int[n], new int[n], new int[5 - n])));
    DataStatistics statistics = PreferenceData.of(examples).report().statistics();
    Collections.shuffle(examples, new Random(seed));
    assertThat(PreferenceData.of(examples).report().statistics()).isEqualTo(statistics);
    assertThat(statistics.duplicates())
        .isEqualTo(lengths.size() - lengths.stream().distinct().count());
  }

  @Property
  void the_bins_of_a_histogram_hold_all_lengths(
      @ForAll @Size(min = 1, max = 50) List<@IntRange(min = 1) Integer> lengths) {
    ImmutableSortedMap.Builder<Integer, Long> counts = ImmutableSortedMap.naturalOrder();
    lengths.stream()
        .distinct()
        .forEach(n -> counts.put(n, (long) Collections.frequency(lengths, n)));
    LengthHistogram histogram = new LengthHistogram(counts.buildOrThrow());
    assertThat(histogram.bins().stream().mapToLong(Bin::count).sum()).isEqualTo(lengths.size());
    assertThat(histogram.quantile(1)).isEqualTo(Collections.max(lengths));
    assertThat(histogram.quantile(0.5))
        .isEqualTo(lengths.stream().sorted().toList().get((lengths.size() - 1) / 2));
  }

  @Test
  void lines_tell_lengths_and_bars() {
    assertThat(new LengthHistogram(ImmutableSortedMap.of(3, 1L, 4, 4L)).lines("prompts"))
        .containsExactly(
            "prompts: 5; tokens: mean 3.8, median 4, 90 % at most 4, 99 % at most 4, longest 4",
            "          2 to         3  ██████████                                1",
            "          4 to         7  ████████████████████████████████████████  4");
  }

  private static DataStatistics of(Example... examples) {
    return PreferenceData.of(examples).report().statistics();
  }
}
