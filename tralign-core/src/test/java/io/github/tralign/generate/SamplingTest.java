package io.github.tralign.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableSet;
import io.github.tralign.InvalidSettingException;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SamplingTest {

  private static final Sampling GREEDY = Sampling.greedy();

  @Test
  void each_setting_is_rejected_outside_its_range_by_its_name() {
    reject("temperature", GREEDY::temperature, -0.1, Double.NaN, Double.POSITIVE_INFINITY);
    reject("topK", GREEDY::topK, -1);
    reject("topP", GREEDY::topP, 0.0, 1.1, Double.NaN);
    reject("minP", GREEDY::minP, -0.1, 1.1, Double.NaN);
    reject("repetitionPenalty", GREEDY::repetitionPenalty, 0.0, -1.0, Double.NaN);
    reject("noRepeatNgramSize", GREEDY::noRepeatNgramSize, -1);
    reject("minNewTokens", GREEDY::minNewTokens, -1);
    reject("maxNewTokens", GREEDY::maxNewTokens, 0);
    reject("endTokens", GREEDY::endTokens, Set.of(-1));
  }

  @SafeVarargs
  private static <T> void reject(String setting, Function<T, Sampling> wither, T... values) {
    for (T value : values) {
      assertThatExceptionOfType(InvalidSettingException.class)
          .isThrownBy(() -> wither.apply(value))
          .withMessageContaining(setting.equals("endTokens") ? "-1" : value.toString())
          .matches(e -> e.setting().equals(setting));
    }
  }

  @Test
  void each_wither_changes_its_setting_only() {
    Map<UnaryOperator<Sampling>, Sampling> changed =
        Map.of(
            it -> it.temperature(0.5), new Sampling(0.5, 0, 1, 0, 1, 0, 0, 256, ImmutableSet.of()),
            it -> it.topK(5), new Sampling(0, 5, 1, 0, 1, 0, 0, 256, ImmutableSet.of()),
            it -> it.topP(0.5), new Sampling(0, 0, 0.5, 0, 1, 0, 0, 256, ImmutableSet.of()),
            it -> it.minP(0.5), new Sampling(0, 0, 1, 0.5, 1, 0, 0, 256, ImmutableSet.of()),
            it -> it.repetitionPenalty(2),
                new Sampling(0, 0, 1, 0, 2, 0, 0, 256, ImmutableSet.of()),
            it -> it.noRepeatNgramSize(3),
                new Sampling(0, 0, 1, 0, 1, 3, 0, 256, ImmutableSet.of()),
            it -> it.minNewTokens(4), new Sampling(0, 0, 1, 0, 1, 0, 4, 256, ImmutableSet.of()),
            it -> it.maxNewTokens(9), new Sampling(0, 0, 1, 0, 1, 0, 0, 9, ImmutableSet.of()),
            it -> it.endTokens(Set.of(7)),
                new Sampling(0, 0, 1, 0, 1, 0, 0, 256, ImmutableSet.of(7)));
    changed.forEach((wither, expected) -> assertThat(wither.apply(GREEDY)).isEqualTo(expected));
    assertThat(Sampling.ofModel().isGreedy()).isFalse();
    assertThat(GREEDY.isGreedy()).isTrue();
  }

  @Test
  void a_request_needs_a_prompt_of_token_ids_and_a_sample() {
    GenerationRequest request = GenerationRequest.of(new int[] {1}, GREEDY);
    assertThat(request.samples(3).seed(4).row(5))
        .isEqualTo(new GenerationRequest(request.prompt(), 3, GREEDY, 4, 5));
    rejectRequest("samples", () -> request.samples(0));
    rejectRequest("prompt", () -> GenerationRequest.of(new int[0], GREEDY));
    rejectRequest("prompt", () -> GenerationRequest.of(new int[] {1, -2}, GREEDY));
  }

  private static void rejectRequest(String setting, Runnable call) {
    assertThatExceptionOfType(InvalidSettingException.class)
        .isThrownBy(call::run)
        .matches(e -> e.setting().equals(setting));
  }
}
