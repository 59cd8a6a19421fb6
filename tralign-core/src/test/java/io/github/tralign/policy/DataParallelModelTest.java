package io.github.tralign.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.distributed.ProcessGroup;
import io.github.tralign.distributed.RankThreads;
import io.github.tralign.generate.Completion;
import io.github.tralign.generate.GenerationRequest;
import io.github.tralign.generate.Sampling;
import io.github.tralign.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataParallelModelTest {

  private static <T> List<T> shared(int size, Function<LanguageModel, T> program) {
    return RankThreads.run(
        size, group -> program.apply(DataParallelModel.of(TabularPolicy.random(9, 4), group)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void completions_do_not_depend_on_the_number_of_processes(int size) {
    List<GenerationRequest> requests = new ArrayList<>();
    for (int row = 0; row < 5; row++) {
      requests.add(
          new GenerationRequest(
              ImmutableIntArray.of(row, 1),
              1 + row % 3,
              Sampling.ofModel().maxNewTokens(12).endTokens(Set.of(0)),
              7,
              row));
    }
    List<List<Completion>> alone = TabularPolicy.random(9, 4).generate(requests);
    assertThat(new HashSet<>(alone)).hasSize(5);
    assertThat(shared(size, it -> it.generate(requests))).containsOnly(alone);
  }

  @Test
  void no_prompt_has_no_completion() {
    assertThat(shared(2, it -> it.generate(List.of()))).containsOnly(List.of());
  }

  @Test
  void an_id_that_is_unknown_in_one_part_is_rejected_on_all_ranks() {
    PreferenceBatch batch =
        PreferenceBatch.of(
            Example.demonstration(new int[] {1}, new int[] {2}),
            Example.demonstration(new int[] {1}, new int[] {9}));
    assertThat(
            shared(
                2,
                model -> assertThatIllegalArgumentException().isThrownBy(() -> model.score(batch))))
        .hasSize(2);
  }

  @Test
  void the_fingerprint_holds_the_number_of_processes() {
    Set<String> fingerprints = new HashSet<>();
    for (int size = 1; size <= 3; size++) {
      Set<String> each = new HashSet<>(shared(size, it -> it.fingerprint().orElseThrow()));
      assertThat(each).hasSize(1);
      fingerprints.addAll(each);
    }
    assertThat(fingerprints).hasSize(3);
  }

  @Test
  void a_process_alone_has_just_its_model() {
    try (TabularPolicy policy = TabularPolicy.random(9, 4)) {
      assertThat(DataParallelModel.of(policy, ProcessGroup.single())).isSameAs(policy);
      assertThat(DataParallelPolicy.of(policy)).isSameAs(policy);
    }
  }
}
