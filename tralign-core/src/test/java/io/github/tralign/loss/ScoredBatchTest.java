package io.github.tralign.loss;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoredBatchTest {

  private static final ImmutableList<ScoredCompletion> PAIR =
      ImmutableList.of(new ScoredCompletion(-6, -5, 3), new ScoredCompletion(-4, -1, 2));
  private static final ImmutableList<ScoredCompletion> OTHER =
      ImmutableList.of(new ScoredCompletion(-2, -2, 4), new ScoredCompletion(-8, -7, 1));

  @Test
  void its_figures_are_known_before_it_is_scored() {
    ScoredBatch unscored =
        ScoredBatch.unscored(
            PreferenceBatch.of(
                Example.pair(new int[1], new int[3], new int[2]),
                Example.pair(new int[1], new int[4], new int[1])));
    assertThat(unscored.size()).isZero();
    assertThat(unscored.with(Scored.batch(List.of(PAIR, OTHER)).examples()))
        .isEqualTo(Scored.batch(List.of(PAIR, OTHER)));
  }

  @Test
  void only_first_completions_count_as_tokens_to_imitate() {
    assertThat(Scored.batch(List.of(PAIR, OTHER)).firstTokens()).isEqualTo(7);
    assertThat(Scored.batch(List.of(PAIR, OTHER)).batchExamples()).isEqualTo(2);
  }

  @Test
  void a_slice_keeps_what_is_known_of_the_whole() {
    ScoredBatch whole =
        Scored.batch(List.of(PAIR, OTHER))
            .withMismatched(PAIR)
            .withMemory(ImmutableMap.of("mean", 2.0));
    ScoredBatch slice = whole.with(ImmutableList.of(whole.get(1)));
    assertThat(slice.size()).isEqualTo(1);
    assertThat(slice.get(0, 1)).isEqualTo(OTHER.get(1));
    assertThat(slice.batchExamples()).isEqualTo(2);
    assertThat(slice.firstTokens()).isEqualTo(7);
    assertThat(slice.mismatched()).isEqualTo(PAIR);
    assertThat(slice.memory()).containsEntry("mean", 2.0);
  }

  @Test
  void a_pair_has_the_notation_of_the_equations() {
    ScoredPair pair = Scored.batch(List.of(PAIR)).pair(0);
    assertThat(pair.a()).isEqualTo(-1);
    assertThat(pair.b()).isEqualTo(-3);
    assertThat(pair.h()).isEqualTo(2);
    assertThat(pair.chosen().meanLogp()).isEqualTo(-2);
    assertThat(pair.rejected().meanLogRatio()).isEqualTo(-1.5);
  }
}
