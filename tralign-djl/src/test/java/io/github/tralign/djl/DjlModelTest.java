package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.TokenStatistic;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that only score, and references of a different architecture than the policy. */
class DjlModelTest {

  private static final Set<TokenStatistic> DIVERGENCE = Set.of(TokenStatistic.DIVERGENCE);
  private static final String POLICY = "llama";

  private final PreferenceBatch batch =
      PreferenceBatch.of(
          new Example(tokens(3), ImmutableList.of(tokens(4), tokens(2)), "made for a test"));

  @TempDir private Path folder;
  private Path other = Path.of("");

  @BeforeEach
  void write_a_model_of_another_family_and_vocabulary() {
    other = folder.resolve("other");
    ObjectNode config = Golden.json("neox/config.json").deepCopy();
    config.put("vocab_size", 320);
    RandomCheckpoint.write(other, config, Golden.path("neox"), 1);
  }

  @Test
  void a_model_scores_as_a_policy_does_bit_for_bit() {
    try (DjlPolicy policy = Golden.policy(POLICY).load();
        DjlModel model = Golden.policy(POLICY).loadModel()) {
      assertThat(model.score(batch).values()).containsExactly(policy.score(batch).values());
      assertThat(model.fingerprint()).isEqualTo(policy.fingerprint());
      assertThatIllegalStateException()
          .isThrownBy(() -> model.score(batch, DIVERGENCE))
          .withMessageContaining("only a policy has");
    }
  }

  @Test
  void a_reference_may_have_another_shape() {
    try (DjlPolicy policy = Golden.policy(POLICY).load();
        DjlModel alone = Golden.on(other).loadModel()) {
      policy.loadReference(other);
      assertThat(policy.reference().score(batch).values())
          .containsExactly(alone.score(batch).values());
      assertThatIllegalStateException()
          .isThrownBy(() -> policy.mixReference(0.5))
          .withMessageContaining("a different architecture");
      assertThatIllegalStateException()
          .isThrownBy(() -> policy.saveState(folder.resolve("state")))
          .withMessageContaining("a different architecture");
      policy.copyToReference();
      assertThat(policy.reference().score(batch).values())
          .containsExactly(policy.score(batch).values());
    }
  }

  /** Each next token as a completion of one token gives both distributions. */
  @Test
  void the_divergence_from_another_shape_is_that_over_the_ids_of_both() {
    try (DjlPolicy policy = Golden.policy(POLICY).load();
        DjlModel alone = Golden.on(other).loadModel()) {
      policy.loadReference(other);
      int shared = policy.vocabularySize();
      assertThat(alone.vocabularySize()).isGreaterThan(shared);
      ImmutableIntArray prompt = tokens(3);
      ImmutableList.Builder<ImmutableIntArray> all = ImmutableList.builder();
      for (int id = 0; id < shared; id++) {
        all.add(ImmutableIntArray.of(id));
      }
      PreferenceBatch next = PreferenceBatch.of(new Example(prompt, all.build(), "all"));
      double[] p = normalized(policy.score(next).values());
      double[] ref = normalized(alone.score(next).values());
      double expected = 0;
      for (int id = 0; id < shared; id++) {
        expected += Math.exp(ref[id]) * (ref[id] - p[id]);
      }
      TokenLogProbs scores = policy.score(next, DIVERGENCE);
      assertThat(scores.statistic(TokenStatistic.DIVERGENCE)[0])
          .isCloseTo(expected, within(1e-5 * expected));
      double[] slope = new double[next.completionTokens()];
      assertThatIllegalStateException()
          .isThrownBy(
              () -> policy.accumulate(next, DIVERGENCE, it -> new TokenGradient(slope, slope)))
          .withMessageContaining("same vocabulary");
    }
  }

  @Test
  void a_closed_model_says_so() {
    DjlModel model = Golden.policy(POLICY).loadModel();
    model.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> model.score(batch))
        .withMessageEndingWith("is closed");
  }

  private static double[] normalized(double[] logProbs) {
    double sum = 0;
    for (double value : logProbs) {
      sum += Math.exp(value);
    }
    double[] normalized = logProbs.clone();
    for (int i = 0; i < normalized.length; i++) {
      normalized[i] -= Math.log(sum);
    }
    return normalized;
  }

  private static ImmutableIntArray tokens(int number) {
    return ImmutableIntArray.copyOf(new Random(number).ints(number, 0, 60).toArray());
  }
}
