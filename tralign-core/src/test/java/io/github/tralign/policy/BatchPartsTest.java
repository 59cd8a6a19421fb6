package io.github.tralign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class BatchPartsTest {

  @Property(tries = 300)
  void the_parts_together_are_the_batch_and_no_part_is_much_larger_than_its_share(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 40) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 5) int size) {
    PreferenceBatch batch =
        PreferenceBatch.of(
            lengths.stream()
                .map(it -> Example.pair(new int[] {1}, new int[it], new int[] {2}))
                .toList());
    double[] numbers =
        DoubleStream.iterate(0, it -> it + 1).limit(batch.completionTokens()).toArray();
    BatchParts parts = BatchParts.of(batch, size);
    List<Example> examples = new ArrayList<>();
    List<Double> sliced = new ArrayList<>();
    int longest = batch.examples().stream().mapToInt(Example::packedTokens).max().orElseThrow();
    for (int rank = 0; rank < size; rank++) {
      double[] slice = parts.slice(numbers, rank);
      for (double number : slice) {
        sliced.add(number);
      }
      int tokens = parts.part(rank).map(PreferenceBatch::completionTokens).orElse(0);
      assertThat(slice).hasSize(tokens);
      assertThat(parts.tokens()[rank]).isEqualTo(tokens);
      parts.part(rank).ifPresent(it -> examples.addAll(it.examples()));
      assertThat(parts.part(rank).map(PreferenceBatch::packedTokens).orElse(0))
          .isLessThanOrEqualTo(batch.packedTokens() / size + longest + 1);
    }
    assertThat(examples).isEqualTo(batch.examples());
    assertThat(sliced.stream().mapToDouble(it -> it)).containsExactly(box(numbers));
  }

  private static Double[] box(double[] numbers) {
    return DoubleStream.of(numbers).boxed().toArray(Double[]::new);
  }
}
