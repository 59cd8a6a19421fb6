package io.github.tralign.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.tralign.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StreamedBatchesTest {

  private static final int PASSES = 3;

  @Property(tries = 300)
  void each_pass_takes_each_example_once_and_none_much_too_early(
      @ForAll @IntRange(min = 1, max = 50) int rows,
      @ForAll @IntRange(min = 1, max = 60) int batchSize,
      @ForAll @IntRange(min = 0, max = 60) int window,
      @ForAll long seed) {
    Batches batches = streamed(rows, batchSize, window, seed);
    for (List<Integer> pass : passes(batches, rows, batchSize)) {
      assertThat(pass)
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, rows).boxed().toList());
      for (int place = 0; place < rows; place++) {
        assertThat(pass.get(place)).isLessThan(place + Math.max(1, window));
      }
    }
  }

  @Property(tries = 300)
  void without_a_window_the_batches_are_those_of_data_in_memory(
      @ForAll @IntRange(min = 1, max = 50) int rows,
      @ForAll @IntRange(min = 1, max = 60) int batchSize,
      @ForAll @IntRange(min = 0, max = 1) int window) {
    Batches streamed = streamed(rows, batchSize, window, 42);
    Batches inOrder = Batches.inOrder(PreferenceData.of(examples(rows)), batchSize);
    for (long step = 1; step <= PASSES * inOrder.stepsPerEpoch(); step++) {
      assertThat(streamed.at(step).examples()).isEqualTo(inOrder.at(step).examples());
    }
  }

  @Test
  void the_order_is_drawn_from_the_seed_and_the_pass_alone() {
    List<List<Integer>> orders = new ArrayList<>();
    for (long seed = 0; seed < 10; seed++) {
      List<List<Integer>> passes = passes(streamed(40, 7, 10, seed), 40, 7);
      assertThat(passes(streamed(40, 40, 10, seed), 40, 40)).isEqualTo(passes);
      orders.addAll(passes);
    }
    assertThat(orders).doesNotHaveDuplicates();
  }

  @Test
  void the_order_is_the_same_on_every_machine_and_java_version() {
    assertThat(passes(streamed(10, 10, 4, 42), 10, 10).subList(0, 2))
        .containsExactly(
            List.of(0, 3, 5, 1, 2, 4, 6, 8, 9, 7), List.of(1, 4, 5, 2, 7, 8, 0, 3, 9, 6));
  }

  @Property(tries = 100)
  void no_more_is_read_than_the_window_and_the_steps_take(
      @ForAll @IntRange(min = 1, max = 20) int batchSize,
      @ForAll @IntRange(min = 0, max = 50) int window,
      @ForAll @IntRange(min = 0, max = 10) int ahead) {
    AtomicInteger read = new AtomicInteger();
    Iterable<Example> endless =
        () -> Stream.generate(() -> example(read.getAndIncrement())).iterator();
    Batches batches =
        Batches.streamed(PreferenceStream.of(endless), batchSize, window, 1, it -> {});
    for (long step = 1; step <= 20; step++) {
      batches.at(step + ahead);
      batches.forgetBefore(step);
      assertThat(read.get()).isEqualTo((step + ahead) * batchSize + Math.max(1, window) - 1);
    }
  }

  @Test
  void steps_that_are_asked_for_ahead_are_kept_until_they_are_let_go() {
    Batches batches = streamed(100, 2, 0, 1);
    batches.at(6);
    assertThat(batches.at(2).examples()).isEqualTo(PreferenceBatch.of(example(2), example(3)));
    assertThat(batches.at(2).rows().asList()).containsExactly(2, 3);
    batches.forgetBefore(3);
    assertThat(batches.at(3).examples()).isEqualTo(PreferenceBatch.of(example(4), example(5)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batches.at(2))
        .withMessage("step 2 of a stream has gone by");
  }

  /** What one row was scored as in one pass must not be taken for another's in the next. */
  @Test
  void numbers_are_never_used_again() {
    Batches batches = streamed(3, 2, 2, 1);
    assertThat(Stream.of(1, 2, 3, 4).flatMapToInt(step -> batches.at(step).rows().stream()))
        .containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void an_unfit_example_is_reported_as_wrong_input_when_it_is_read() {
    Batches batches =
        Batches.streamed(
            PreferenceStream.of(examples(9)), 2, 3, 1, example -> example.requireKnown(5));
    batches.at(1); // reads 0 to 3
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> batches.at(2))
        .withMessageStartingWith("in memory holds the token id 5");
  }

  @Test
  void a_stream_of_nothing_is_refused() {
    Batches batches = streamed(0, 2, 3, 1);
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> batches.at(1))
        .withMessageStartingWith("no row can be used:\n0 of 0 rows used");
  }

  @Test
  void a_position_tells_whether_the_same_was_read() {
    Batches whole = streamed(7, 2, 3, 1);
    whole.at(6);
    Batches again = streamed(7, 2, 3, 1);
    again.at(3);
    again.requireRead(whole.position());
    assertThat(again.position()).isEqualTo(whole.position());
    assertThat(again.at(7)).isEqualTo(whole.at(7));
    Batches longer = streamed(8, 2, 3, 1);
    longer.at(3);
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> longer.requireRead(whole.position()))
        .withMessageContainingAll("cannot be resumed", "14 examples");
  }

  @Test
  void batches_that_were_closed_begin_again() {
    Batches batches = streamed(7, 2, 3, 1);
    Batch first = batches.at(1);
    batches.at(7);
    batches.close();
    assertThat(batches.position()).isEqualTo(StreamPosition.START);
    assertThat(batches.at(1)).isEqualTo(first);
  }

  @Test
  void a_negative_window_and_a_batch_size_of_zero_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> streamed(1, 0, 1, 1))
        .withMessage("the batch size must be at least 1 example, not 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> streamed(1, 1, -1, 1))
        .withMessage("the window to shuffle in must have at least 0 examples, not -1");
  }

  private static Batches streamed(int rows, int batchSize, int window, long seed) {
    return Batches.streamed(
        PreferenceStream.of(examples(rows)), batchSize, window, seed, example -> {});
  }

  private static List<List<Integer>> passes(Batches batches, int rows, int batchSize) {
    List<List<Integer>> passes = new ArrayList<>();
    long step = 1;
    for (int pass = 0; pass < PASSES; pass++) {
      List<Integer> seen = new ArrayList<>();
      while (seen.size() < rows) {
        PreferenceBatch batch = batches.at(step++).examples();
        assertThat(batch.size()).isEqualTo(Math.min(batchSize, rows - seen.size()));
        batch.examples().forEach(example -> seen.add(example.prompt().get(0)));
      }
      passes.add(seen);
    }
    return passes;
  }

  private static List<Example> examples(int rows) {
    return IntStream.range(0, rows).mapToObj(StreamedBatchesTest::example).toList();
  }

  private static Example example(int i) {
    return Example.demonstration(new int[] {i}, new int[] {i});
  }
}
