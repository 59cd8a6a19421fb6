package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterators;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.generate.Completion;
import io.github.tralign.generate.Completion.Finish;
import io.github.tralign.generate.GenerationRequest;
import io.github.tralign.generate.Sampling;
import io.github.tralign.policy.LanguageModel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Greedy generation, token for token what transformers gives, by {@code
 * tools/make_generation_goldens.py}.
 */
@Tag("numeric")
class GreedyGoldensTest {

  private static final JsonNode GOLDENS = Golden.json("generation.json");

  static Stream<String> checkpoints() {
    return Stream.concat(Golden.CHECKPOINTS.stream(), Golden.families());
  }

  static Stream<String> adapters() {
    return IntStream.range(0, GOLDENS.path("adapters").size())
        .mapToObj(i -> Iterators.get(GOLDENS.path("adapters").fieldNames(), i));
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void a_checkpoint_generates_the_tokens_of_transformers(String name) {
    try (DjlModel model = Golden.policy(name).loadModel()) {
      assertGenerates(model, GOLDENS.path("checkpoints").path(name));
    }
  }

  @ParameterizedTest
  @MethodSource("adapters")
  void an_adapter_generates_the_tokens_of_peft(String name) {
    String base = Golden.json("adapters/" + name + "/goldens.json").path("base").asText();
    try (DjlPolicy policy = Golden.policy(base).adapter(Golden.path("adapters/" + name)).load()) {
      assertGenerates(policy, GOLDENS.path("adapters").path(name));
    }
  }

  /** All prompts at once; one of them has two completions, which share it. */
  private static void assertGenerates(LanguageModel model, JsonNode cases) {
    assertThat(cases).hasSizeGreaterThanOrEqualTo(9);
    List<GenerationRequest> requests = new ArrayList<>();
    cases.forEach(it -> requests.add(GenerationRequest.of(prompt(it), sampling(it))));
    requests.set(2, requests.get(2).samples(2));
    List<List<Completion>> generated = model.generate(requests);
    for (int i = 0; i < cases.size(); i++) {
      JsonNode expected = cases.get(i);
      int[] tokens = ints(expected.path("tokens"));
      Finish finish =
          tokens[tokens.length - 1] == expected.path("end").asInt(-1)
              ? Finish.END_TOKEN
              : Finish.LENGTH;
      for (Completion completion : generated.get(i)) {
        assertThat(completion.tokens().toArray()).as("%s", expected).containsExactly(tokens);
        assertThat(completion.finish()).as("%s", expected).isEqualTo(finish);
      }
    }
  }

  /** As many tokens as are known, but of a model with a limit all that it has room for. */
  private static Sampling sampling(JsonNode request) {
    JsonNode settings = request.path("settings");
    boolean atLimit = request.path("length").asInt() > 400;
    return Sampling.greedy()
        .repetitionPenalty(settings.path("repetition_penalty").asDouble(1))
        .noRepeatNgramSize(settings.path("no_repeat_ngram_size").asInt())
        .minNewTokens(settings.path("min_new_tokens").asInt())
        .maxNewTokens(atLimit ? 24 : request.path("tokens").size())
        .endTokens(
            request.path("end").isNull()
                ? ImmutableSet.of()
                : ImmutableSet.of(request.path("end").asInt()));
  }

  /** Tokens of the rows one after another. */
  private static int[] prompt(JsonNode request) {
    List<Example> rows = Golden.rows();
    return rows.subList(request.path("row").asInt(), rows.size()).stream()
        .flatMap(it -> Stream.of(it.prompt(), it.completions().get(0)))
        .flatMapToInt(ImmutableIntArray::stream)
        .limit(request.path("length").asInt())
        .toArray();
  }

  private static int[] ints(JsonNode numbers) {
    return IntStream.range(0, numbers.size()).map(i -> numbers.get(i).asInt()).toArray();
  }
}
