package io.github.tralign.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BatchesTest {

  @Property(tries = 200)
  void an_epoch_takes_each_example_once(
      @ForAll @IntRange(min = 1, max = 50) int n,
      @ForAll @IntRange(min = 1, max = 60) int batchSize,
      @ForAll long seed,
      @ForAll @LongRange(min = 0, max = 5) long epoch) {
    Batches batches = Batches.shuffled(examples(n), batchSize, seed);
    assertThat(epoch(batches, epoch))
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, n).boxed().toList());
  }

  @Property(tries = 200)
  void all_batches_are_full_but_the_last_of_an_epoch(
      @ForAll @IntRange(min = 1, max = 50) int n,
      @ForAll @IntRange(min = 1, max = 60) int batchSize) {
    Batches batches = Batches.inOrder(examples(n), batchSize);
    long last = batches.stepsPerEpoch();
    for (long step = 1; step < last; step++) {
      assertThat(batches.at(step).size()).isEqualTo(batchSize);
    }
    assertThat(batches.at(last).size()).isEqualTo(n - (last - 1) * batchSize);
  }

  @Property(tries = 100)
  void a_step_does_not_depend_on_the_steps_asked_for_before(
      @ForAll @LongRange(min = 1, max = 41) long step,
      @ForAll List<@IntRange(min = 1, max = 41) Integer> before) {
    Batches used = Batches.shuffled(examples(13), 4, 42);
    before.forEach(used::at);
    assertThat(used.at(step)).isEqualTo(Batches.shuffled(examples(13), 4, 42).at(step));
  }

  @Test
  void the_order_is_the_same_on_every_machine_and_java_version() {
    Batches batches = Batches.shuffled(examples(10), 10, 42);
    assertThat(rows(batches, 1)).containsExactly(2, 5, 0, 1, 7, 4, 9, 3, 6, 8);
    assertThat(rows(batches, 2)).containsExactly(6, 4, 9, 8, 3, 5, 2, 7, 0, 1);
  }

  @Test
  void epochs_and_seeds_differ() {
    List<List<Integer>> orders = new ArrayList<>();
    for (long seed = 0; seed < 10; seed++) {
      Batches batches = Batches.shuffled(examples(100), 7, seed);
      for (long epoch = 0; epoch < 10; epoch++) {
        orders.add(epoch(batches, epoch));
      }
    }
    assertThat(orders).doesNotHaveDuplicates();
  }

  @Test
  void each_example_comes_first_about_equally_often() {
    int[] first = new int[5];
    Batches batches = Batches.shuffled(examples(5), 5, 7);
    for (long epoch = 1; epoch <= 5000; epoch++) {
      first[batches.at(epoch).rows().get(0)]++;
    }
    // 1000 expected, standard deviation 28; the seed is fixed
    assertThat(Arrays.stream(first).boxed()).allMatch(count -> Math.abs(count - 1000) < 120);
  }

  @Test
  void without_shuffling_every_epoch_keeps_the_order_of_the_file() {
    PreferenceData data = examples(5);
    Batches batches = Batches.inOrder(data, 2);
    assertThat(batches.stepsPerEpoch()).isEqualTo(3);
    assertThat(epoch(batches, 0)).containsExactly(0, 1, 2, 3, 4);
    assertThat(epoch(batches, 1)).containsExactly(0, 1, 2, 3, 4);
    assertThat(batches.at(3))
        .isEqualTo(
            new Batch(3, PreferenceBatch.of(data.examples().get(4)), ImmutableIntArray.of(4)));
  }

  @Test
  void the_examples_of_a_batch_are_those_of_its_rows() {
    PreferenceData data = examples(10);
    Batch batch = Batches.shuffled(data, 4, 42).at(2);
    assertThat(batch.step()).isEqualTo(2);
    assertThat(batch.examples().examples())
        .isEqualTo(batch.rows().stream().mapToObj(data.examples()::get).toList());
  }

  @Test
  void a_batch_without_a_row_for_each_example_is_refused() {
    PreferenceBatch one = PreferenceBatch.of(examples(1).examples());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Batch(1, one, ImmutableIntArray.of(0, 1)))
        .withMessage("a batch needs a number for each of its examples: 2 for 1");
  }

  @Test
  void steps_are_counted_through_epochs() {
    Batches batches = Batches.inOrder(examples(5), 2);
    assertThat(LongStream.range(1, 8).mapToObj(step -> rows(batches, step)))
        .containsExactly(
            new int[] {0, 1},
            new int[] {2, 3},
            new int[] {4},
            new int[] {0, 1},
            new int[] {2, 3},
            new int[] {4},
            new int[] {0, 1});
    assertThat(rows(batches, 3_000_000_000_001L)).containsExactly(0, 1);
    assertThat(rows(batches, 3_000_000_000_003L)).containsExactly(4);
  }

  @Test
  void a_batch_size_of_zero_and_a_step_of_zero_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Batches.inOrder(examples(1), 0))
        .withMessage("the batch size must be at least 1 example, not 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Batches.inOrder(examples(1), 1).at(0))
        .withMessage("steps are counted from 1, not 0");
  }

  private static List<Integer> epoch(Batches batches, long epoch) {
    List<Integer> rows = new ArrayList<>();
    long first = epoch * batches.stepsPerEpoch() + 1;
    for (long step = first; step < first + batches.stepsPerEpoch(); step++) {
      rows.addAll(batches.at(step).rows().asList());
    }
    return rows;
  }

  private static int[] rows(Batches batches, long step) {
    return batches.at(step).rows().toArray();
  }

  private static PreferenceData examples(int n) {
    return PreferenceData.of(
        IntStream.range(0, n)
            .mapToObj(i -> Example.demonstration(new int[] {i}, new int[] {i}))
            .toList());
  }
}
