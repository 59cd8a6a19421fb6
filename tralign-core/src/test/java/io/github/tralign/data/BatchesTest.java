package io.github.tralign.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
    long last = batches.stepsPerEpoch() - 1;
    for (long step = 0; step < last; step++) {
      assertThat(batches.at(step).size()).isEqualTo(batchSize);
    }
    assertThat(batches.at(last).size()).isEqualTo(n - last * batchSize);
  }

  @Property(tries = 100)
  void a_step_does_not_depend_on_the_steps_asked_for_before(
      @ForAll @LongRange(min = 0, max = 40) long step,
      @ForAll List<@IntRange(max = 40) Integer> before) {
    Batches used = Batches.shuffled(examples(13), 4, 42);
    before.forEach(used::at);
    assertThat(used.rowsAt(step)).isEqualTo(Batches.shuffled(examples(13), 4, 42).rowsAt(step));
  }

  @Test
  void the_order_is_the_same_on_every_machine_and_java_version() {
    Batches batches = Batches.shuffled(examples(10), 10, 42);
    assertThat(batches.rowsAt(0)).containsExactly(2, 5, 0, 1, 7, 4, 9, 3, 6, 8);
    assertThat(batches.rowsAt(1)).containsExactly(6, 4, 9, 8, 3, 5, 2, 7, 0, 1);
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
    for (long epoch = 0; epoch < 5000; epoch++) {
      first[batches.rowsAt(epoch)[0]]++;
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
    assertThat(batches.at(2)).isEqualTo(PreferenceBatch.of(data.examples().get(4)));
  }

  @Test
  void a_change_of_the_returned_rows_does_not_reach_later_batches() {
    Batches batches = Batches.inOrder(examples(3), 3);
    batches.rowsAt(0)[0] = 2;
    assertThat(batches.rowsAt(0)).containsExactly(0, 1, 2);
  }

  @Test
  void steps_are_counted_through_epochs() {
    Batches batches = Batches.inOrder(examples(5), 2);
    assertThat(LongStream.range(0, 7).mapToObj(batches::rowsAt))
        .containsExactly(
            new int[] {0, 1},
            new int[] {2, 3},
            new int[] {4},
            new int[] {0, 1},
            new int[] {2, 3},
            new int[] {4},
            new int[] {0, 1});
    assertThat(batches.rowsAt(3_000_000_000_000L)).containsExactly(0, 1);
    assertThat(batches.rowsAt(3_000_000_000_002L)).containsExactly(4);
  }

  @Test
  void a_batch_size_of_zero_and_a_negative_step_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Batches.inOrder(examples(1), 0))
        .withMessage("the batch size must be at least 1 example, not 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Batches.inOrder(examples(1), 1).at(-1))
        .withMessage("steps are counted from 0, not -1");
  }

  private static List<Integer> epoch(Batches batches, long epoch) {
    List<Integer> rows = new ArrayList<>();
    long first = epoch * batches.stepsPerEpoch();
    for (long step = first; step < first + batches.stepsPerEpoch(); step++) {
      Arrays.stream(batches.rowsAt(step)).forEach(rows::add);
    }
    return rows;
  }

  private static PreferenceData examples(int n) {
    return PreferenceData.of(
        IntStream.range(0, n)
            .mapToObj(i -> Example.demonstration(new int[] {i}, new int[] {i}))
            .toList());
  }
}
