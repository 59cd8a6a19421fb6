package io.github.tralign.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.tralign.testkit.InProcessGroup;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessGroupTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void all_ranks_gather_the_values_of_all_in_their_order(int size) {
    List<double[]> gathered =
        RankThreads.run(
            size,
            group -> {
              int[] lengths = new int[size];
              for (int rank = 0; rank < size; rank++) {
                lengths[rank] = rank; // rank 0 has none
              }
              double[] mine = new double[group.rank()];
              Arrays.fill(mine, group.rank());
              return group.allGather(mine, lengths);
            });
    assertThat(gathered)
        .hasSize(size)
        .allSatisfy(
            it -> {
              assertThat(it).hasSize(size * (size - 1) / 2).isSorted();
              assertThat(it).containsExactly(gathered.get(0));
            });
  }

  @Test
  void sums_have_the_same_bits_on_all_ranks() {
    double[] values = {1e16, 1, -1e16};
    List<double[]> sums =
        RankThreads.run(3, group -> group.sum(new double[] {values[group.rank()], 2}));
    assertThat(sums).allSatisfy(it -> assertThat(it).containsExactly(1e16 + 1 - 1e16, 6));
    assertThat(RankThreads.run(2, group -> group.sum(new double[0])))
        .allMatch(it -> it.length == 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void a_condition_that_holds_on_one_rank_holds_for_all(int where) {
    assertThat(RankThreads.run(3, group -> group.any(group.rank() == where)))
        .containsOnly(where < 3);
  }

  @Test
  void texts_travel_whole() {
    List<String> texts = List.of("", "Grüße, 世界 \uD83D\uDE00", "a\u0000\nb");
    assertThat(RankThreads.run(3, group -> group.gatherTexts(texts.get(group.rank()))))
        .containsOnly(texts);
    assertThat(ProcessGroup.single().gatherTexts("alone")).containsExactly("alone");
  }

  @Test
  void a_rank_that_leaves_ends_the_calls_of_all_others() {
    List<CompletableFuture<Integer>> outcomes =
        RankThreads.outcomes(
            3,
            group -> {
              group.any(true);
              if (group.rank() == 1) {
                return 1; // leaves
              }
              assertFails(group);
              assertFails(group); // each later call too
              return 2;
            });
    assertThat(outcomes.stream().map(CompletableFuture::join)).containsExactly(2, 1, 2);
  }

  private static void assertFails(ProcessGroup group) {
    assertThatExceptionOfType(ProcessGroupException.class)
        .isThrownBy(() -> group.any(true))
        .withMessageContaining("rank 1 of 3");
  }

  @Test
  void a_wrong_number_of_values_is_rejected() {
    InProcessGroup group = InProcessGroup.ofSize(2).get(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> group.allGather(new double[3], new int[] {3, 2}))
        .withMessageContaining("3 values on rank 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProcessGroup.single().allGather(new double[1], new int[] {1, 0}));
  }
}
