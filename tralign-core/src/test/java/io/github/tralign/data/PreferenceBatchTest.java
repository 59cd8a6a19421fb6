package io.github.tralign.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PreferenceBatchTest {

  @Test
  void sizes_are_sums_over_the_examples() {
    PreferenceBatch batch =
        PreferenceBatch.of(
            Example.pair(new int[3], new int[1], new int[2]),
            Example.demonstration(new int[4], new int[5]));
    assertThat(batch.size()).isEqualTo(2);
    assertThat(batch.completions()).isEqualTo(3);
    assertThat(batch.packedTokens()).isEqualTo(15);
    assertThat(batch.completionTokens()).isEqualTo(8);
  }

  @Test
  void an_empty_batch_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(PreferenceBatch::of);
  }

  @Test
  void a_token_budget_below_one_is_refused() {
    PreferenceBatch batch = PreferenceBatch.of(Example.demonstration(new int[1], new int[1]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batch.microBatches(0))
        .withMessageContaining("not 0");
  }

  @Test
  void an_example_longer_than_the_budget_stands_alone() {
    Example small = Example.demonstration(new int[1], new int[1]);
    Example large = Example.demonstration(new int[10], new int[10]);
    assertThat(PreferenceBatch.of(small, large, small).microBatches(4))
        .containsExactly(
            PreferenceBatch.of(small), PreferenceBatch.of(large), PreferenceBatch.of(small));
  }

  @Property
  void micro_batches_one_after_the_other_are_the_batch(
      @ForAll("batches") PreferenceBatch batch, @ForAll @IntRange(min = 1, max = 60) int budget) {
    List<Example> joined = new ArrayList<>();
    batch.microBatches(budget).forEach(slice -> joined.addAll(slice.examples()));
    assertThat(joined).isEqualTo(batch.examples());
  }

  @Property
  void a_micro_batch_keeps_to_the_budget_unless_it_is_one_example(
      @ForAll("batches") PreferenceBatch batch, @ForAll @IntRange(min = 1, max = 60) int budget) {
    assertThat(batch.microBatches(budget))
        .allMatch(slice -> slice.size() == 1 || slice.packedTokens() <= budget);
  }

  @Property
  void a_micro_batch_takes_all_that_fits(
      @ForAll("batches") PreferenceBatch batch, @ForAll @IntRange(min = 1, max = 60) int budget) {
    List<PreferenceBatch> slices = batch.microBatches(budget);
    for (int i = 1; i < slices.size(); i++) {
      int next = slices.get(i).examples().get(0).packedTokens();
      assertThat(slices.get(i - 1).packedTokens() + next).isGreaterThan(budget);
    }
  }

  @Provide
  Arbitrary<PreferenceBatch> batches() {
    Arbitrary<Integer> length = Arbitraries.integers().between(1, 12);
    return Combinators.combine(length, length, length)
        .as((p, c, r) -> Example.pair(new int[p], new int[c], new int[r]))
        .list()
        .ofMinSize(1)
        .ofMaxSize(12)
        .map(examples -> new PreferenceBatch(ImmutableList.copyOf(examples)));
  }
}
