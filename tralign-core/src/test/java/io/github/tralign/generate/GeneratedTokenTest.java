package io.github.tralign.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.InvalidSettingException;
import io.github.tralign.generate.DecodingSession.NextToken;
import io.github.tralign.generate.GeneratedToken.Alternative;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.tabular.TabularPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GeneratedTokenTest {

  private static final GenerationRequest REQUEST =
      GenerationRequest.of(new int[] {0}, Sampling.greedy().repetitionPenalty(5));

  private static GeneratedToken choose(int alternatives, float... logits) {
    double sum = IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i])).sum();
    return GeneratedToken.choose(
        REQUEST.alternatives(alternatives),
        0,
        new History(ImmutableIntArray.of(0)),
        new NextToken(logits, Math.log(sum)));
  }

  @Test
  void alternatives_are_the_most_probable_before_penalties_and_equal_ones_by_id() {
    GeneratedToken token = choose(3, 3, 1, 2, 1, 1);
    assertThat(token.id()).isEqualTo(2); // token 0 is penalized
    assertThat(token.alternatives()).map(Alternative::id).containsExactly(0, 2, 1);
    double sum = Math.exp(3) + Math.exp(2) + 3 * Math.E;
    assertThat(token.alternatives().get(0).logProb()).isCloseTo(3 - Math.log(sum), within(1e-12));
    assertThat(token.alternatives().get(1).logProb()).isEqualTo(token.logProb());
  }

  @Test
  void the_chosen_token_need_not_be_an_alternative() {
    assertThat(choose(1, 3, 1, 2).alternatives()).map(Alternative::id).containsExactly(0);
    assertThat(choose(0, 3, 1, 2).alternatives()).isEmpty();
  }

  @Test
  void tokens_that_the_model_excludes_are_no_alternatives() {
    float excluded = Float.NEGATIVE_INFINITY;
    assertThat(choose(9, excluded, 1, 2, excluded, 0).alternatives())
        .map(Alternative::id)
        .containsExactly(2, 1, 4);
  }

  @Test
  void a_negative_number_is_an_error() {
    assertThatExceptionOfType(InvalidSettingException.class)
        .isThrownBy(() -> REQUEST.alternatives(-1))
        .withMessage("alternatives must be at least 0, not -1");
  }

  /** Remembers what it is called with. */
  private static final class Recording implements GenerationListener {
    private final List<GeneratedToken> tokens = new ArrayList<>();
    private final List<Completion> completions = new ArrayList<>();

    @Override
    public boolean token(int sample, GeneratedToken token) {
      return tokens.add(token);
    }

    @Override
    public void finished(int sample, Completion completion) {
      completions.add(completion);
    }
  }

  @Test
  void generators_and_conversations_give_them_and_the_completion_stays() {
    LanguageModel model = TabularPolicy.random(9, 3);
    GenerationRequest request =
        GenerationRequest.of(new int[] {1, 2}, Sampling.ofModel().maxNewTokens(6)).seed(3);
    Recording plain = generate(model, request);
    Recording rich = generate(model, request.alternatives(9));
    assertThat(rich.completions).isEqualTo(plain.completions);
    assertThat(plain.tokens).hasSize(6).allMatch(it -> it.alternatives().isEmpty());
    for (GeneratedToken token : rich.tokens) {
      assertThat(token.alternatives())
          .hasSize(9)
          .contains(new Alternative(token.id(), token.logProb()));
      double total = token.alternatives().stream().mapToDouble(it -> Math.exp(it.logProb())).sum();
      assertThat(total).isCloseTo(1, within(1e-6));
    }
    Recording talk = new Recording();
    try (DecodingSession session = model.decode(64);
        Conversation conversation = new Conversation(session)) {
      conversation.begin(request.alternatives(9), talk);
      while (conversation.step()) {}
    }
    assertThat(talk.tokens).isEqualTo(rich.tokens);
  }

  private static Recording generate(LanguageModel model, GenerationRequest request) {
    Recording recording = new Recording();
    try (DecodingSession session = model.decode(64);
        Generator generator = new Generator(session)) {
      generator.add(request, recording);
      while (generator.step()) {}
    }
    return recording;
  }
}
