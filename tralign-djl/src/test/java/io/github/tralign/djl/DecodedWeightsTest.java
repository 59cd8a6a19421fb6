package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.generate.DecodingSession;
import io.github.tralign.generate.DecodingSession.Extension;
import io.github.tralign.generate.DecodingSession.NextToken;
import io.github.tralign.generate.DecodingSession.Sequence;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.TokenLogProbs;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which weights a session generates with: those of a policy, its reference, an adapter. */
@Tag("numeric")
class DecodedWeightsTest {

  private static final List<Example> ROWS = Golden.rows().subList(0, 3);

  static Stream<Arguments> policies() {
    Adapter adapter = Adapter.lora(2).seed(3);
    Adapter withWhole =
        Adapter.lora(2).seed(3).rankStabilized(true).modulesToSave(List.of("embed_in"));
    return Stream.of(
        Arguments.of("llama", null),
        Arguments.of("neox", withWhole),
        Arguments.of("families/phi3", adapter),
        Arguments.of("families/gpt2", adapter),
        Arguments.of("nf4/llama", adapter),
        Arguments.of("nf4/phi3", adapter));
  }

  /** Here the reference of an adapter has the stacked factors of several mixes. */
  @ParameterizedTest
  @MethodSource("policies")
  void policy_and_reference_each_generate_with_their_own_weights(String folder, Adapter adapter) {
    DjlPolicyBuilder settings = Golden.policy(folder).threads(1);
    try (DjlPolicy policy = (adapter == null ? settings : settings.adapter(adapter)).load()) {
      GoldenRun.trainShortly(policy);
      for (LanguageModel model : List.of(policy, policy.reference())) {
        TokenLogProbs expected = model.score(new PreferenceBatch(ImmutableList.copyOf(ROWS)));
        for (int row = 0; row < ROWS.size(); row++) {
          assertThat(decoded(model, ROWS.get(row)))
              .as("row %d", row)
              .isCloseTo(expected.sum(row, 0), withinPercentage(1e-4));
        }
      }
      assertThat(decoded(policy.reference(), ROWS.get(0)))
          .isNotCloseTo(decoded(policy, ROWS.get(0)), withinPercentage(1e-2));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "patterns", "fused-and-saved", "whole-parts"})
  void products_of_16_bits_are_near_those_of_peft(String name) {
    JsonNode goldens = Golden.json("adapters/" + name + "/goldens.json");
    try (DjlPolicy policy =
        Golden.policy(goldens.path("base").asText())
            .precision(Precision.BF16)
            .adapter(Golden.path("adapters/" + name))
            .load()) {
      for (int row = 0; row < ROWS.size(); row++) {
        double expected = goldens.path("logps").path("chosen").get(row).asDouble();
        assertThat(decoded(policy, ROWS.get(row)))
            .as("row %d", row)
            .isCloseTo(expected, withinPercentage(1))
            .isNotEqualTo(expected);
      }
      try (DecodingSession session = policy.decode(256)) {
        List<Extension> prompts =
            ROWS.stream()
                .map(it -> new Extension(session.open(it.prompt().length()), it.prompt()))
                .toList();
        float[] together = session.append(prompts).get(1).logits();
        Sequence alone = session.open(ROWS.get(1).prompt().length());
        assertThat(session.append(List.of(new Extension(alone, ROWS.get(1).prompt()))).get(0))
            .extracting(NextToken::logits)
            .isEqualTo(together);
      }
    }
  }

  @Test
  void a_session_never_mixes_weights_from_before_and_after_a_step() {
    try (DjlPolicy policy = Golden.policy("llama").load()) {
      policy.copyToReference();
      try (DecodingSession session = policy.decode(16);
          DecodingSession ofReference = policy.reference().decode(16)) {
        Extension first = extension(session.open(4), 1);
        Extension ofFirst = extension(ofReference.open(4), 1);
        NextToken before = session.append(List.of(first)).get(0);
        policy.step(new OptimizerStep(0.01, 1, AdamW.ofDefaults().weightDecay(1)));
        assertThatIllegalStateException()
            .isThrownBy(() -> session.append(List.of(first)))
            .withMessageContaining("weights have changed");
        assertThat(ofReference.append(List.of(ofFirst)).get(0).logits()).isEqualTo(before.logits());
        policy.mixReference(0.5);
        assertThatIllegalStateException().isThrownBy(() -> ofReference.append(List.of(ofFirst)));
      }
      try (DecodingSession session = policy.decode(16)) {
        assertThat(session.append(List.of(extension(session.open(4), 1)))).hasSize(1);
      }
    }
  }

  @Test
  void a_session_ends_with_its_model() {
    DjlModel model = Golden.policy("llama").loadModel();
    try (DecodingSession session = model.decode(16)) {
      Sequence sequence = session.open(4);
      model.close();
      assertThatIllegalStateException()
          .isThrownBy(() -> session.append(List.of(extension(sequence, 1))))
          .withMessageContaining("closed");
      assertThatIllegalStateException().isThrownBy(() -> session.open(4));
      assertThatIllegalStateException().isThrownBy(() -> model.decode(16));
      session.release(sequence);
    }
  }

  private static Extension extension(Sequence sequence, int token) {
    return new Extension(sequence, ImmutableIntArray.of(token));
  }

  /** The log-probability of the chosen completion, token by token after its prompt. */
  private static double decoded(LanguageModel model, Example row) {
    ImmutableIntArray completion = row.completions().get(0);
    try (DecodingSession session = model.decode(256)) {
      Sequence sequence = session.open(row.prompt().length() + completion.length());
      NextToken next = session.append(List.of(new Extension(sequence, row.prompt()))).get(0);
      double sum = 0;
      for (int i = 0; i < completion.length(); i++) {
        sum += next.logits()[completion.get(i)] - next.logSumExp();
        next = session.append(List.of(extension(sequence, completion.get(i)))).get(0);
      }
      return sum;
    }
  }
}
