package io.github.tralign.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.tabular.TabularPolicy;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AllCompletionsTest {

  private final LanguageModel model = TabularPolicy.random(9, 3);

  @Test
  void a_model_generates_the_samples_of_each_request_in_order() {
    Sampling sampling = Sampling.ofModel().maxNewTokens(6).endTokens(Set.of(0));
    List<GenerationRequest> requests =
        IntStream.range(0, 5)
            .mapToObj(
                i -> GenerationRequest.of(new int[] {i, 8 - i}, sampling).samples(1 + i).row(i))
            .toList();
    List<List<Completion>> completions = model.generate(requests);
    assertThat(completions).extracting(List::size).containsExactly(1, 2, 3, 4, 5);
    for (int i = 0; i < 5; i++) {
      assertThat(model.generate(List.of(requests.get(i)))).containsExactly(completions.get(i));
    }
  }

  @Test
  void log_probabilities_are_those_that_the_model_scores() {
    Sampling sampling =
        Sampling.ofModel().temperature(0.7).topK(5).repetitionPenalty(1.3).maxNewTokens(20);
    GenerationRequest request = GenerationRequest.of(new int[] {4, 2}, sampling).samples(3);
    for (Completion completion : model.generate(List.of(request)).get(0)) {
      Example example =
          new Example(request.prompt(), ImmutableList.of(completion.tokens()), "generated");
      double[] scores = model.score(PreferenceBatch.of(example)).values();
      assertThat(completion.logProbs().toArray()).containsExactly(scores, within(1e-6));
      assertThat(completion.logProb())
          .isCloseTo(model.score(PreferenceBatch.of(example)).sum(0, 0), within(1e-5));
    }
  }

  @Test
  void the_cache_has_room_for_all_requests_but_not_much_more_than_one_large() {
    GenerationRequest small =
        GenerationRequest.of(new int[] {1, 2}, Sampling.greedy().maxNewTokens(10)).samples(3);
    GenerationRequest large =
        GenerationRequest.of(new int[] {1}, Sampling.greedy().maxNewTokens(20_000)).samples(9);
    assertThat(AllCompletions.cacheTokens(List.of(small, small), 100)).isBetween(64L, 65L);
    assertThat(AllCompletions.cacheTokens(List.of(small, small), 5)).isBetween(22L, 23L);
    assertThat(AllCompletions.cacheTokens(List.of(small, large), 100_000)).isEqualTo(20_001);
    assertThat(AllCompletions.cacheTokens(List.of(), 100)).isEqualTo(1);
  }

  @Test
  void no_requests_give_no_completions() {
    assertThat(model.generate(List.of())).isEmpty();
  }

  @Test
  void an_unknown_token_of_a_prompt_is_named() {
    GenerationRequest request = GenerationRequest.of(new int[] {1, 9}, Sampling.greedy());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.generate(List.of(request)))
        .withMessageContaining("token id 9")
        .withMessageContaining("below 9");
  }
}
