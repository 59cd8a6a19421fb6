package io.github.tralign.testkit;

import static io.github.tralign.testkit.PolicyTools.descend;
import static io.github.tralign.testkit.PolicyTools.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenLogProbs;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** What {@link Policy#score} must do. */
abstract class ScoringContract extends LifeContract {

  @Test
  void log_probabilities_are_finite_and_never_positive() {
    double[] values = open().score(batch()).values();
    assertThat(values).hasSize(batch().completionTokens());
    for (double value : values) {
      assertThat(value).isFinite().isLessThanOrEqualTo(0);
    }
  }

  @Test
  void the_probabilities_of_all_next_tokens_add_up_to_one() {
    Policy policy = open();
    ImmutableIntArray prompt = example(3, 1).prompt();
    ImmutableList.Builder<ImmutableIntArray> each = ImmutableList.builder();
    for (int id = 0; id < policy.vocabularySize(); id++) {
      each.add(ImmutableIntArray.of(id));
    }
    TokenLogProbs scores =
        policy.score(PreferenceBatch.of(new Example(prompt, each.build(), "all tokens")));
    assertThat(Arrays.stream(scores.values()).map(Math::exp).sum())
        .isCloseTo(1, within(10 * tolerance()));
  }

  @Test
  void an_id_outside_the_vocabulary_is_named() {
    Policy policy = open();
    for (int id : new int[] {policy.vocabularySize(), Integer.MAX_VALUE}) {
      ImmutableIntArray known = ImmutableIntArray.of(0);
      ImmutableIntArray unknown = ImmutableIntArray.of(0, id);
      for (Example example :
          List.of(
              new Example(known, ImmutableList.of(unknown), "made for a test"),
              new Example(unknown, ImmutableList.of(known), "made for a test"))) {
        PreferenceBatch batch = PreferenceBatch.of(example);
        assertThatIllegalArgumentException()
            .isThrownBy(() -> policy.score(batch))
            .withMessageContaining(String.valueOf(id));
        assertThatIllegalArgumentException()
            .isThrownBy(() -> accumulate(policy, batch))
            .withMessageContaining(String.valueOf(id));
      }
    }
  }

  @Test
  void a_packed_batch_scores_as_its_examples_one_by_one() {
    Policy policy = open();
    TokenLogProbs packed = policy.score(batch());
    for (int i = 0; i < batch().size(); i++) {
      Example example = batch().examples().get(i);
      for (int k = 0; k < example.completions().size(); k++) {
        Example alone =
            new Example(example.prompt(), ImmutableList.of(example.completions().get(k)), "alone");
        assertClose(policy.score(PreferenceBatch.of(alone)).values(), tokens(packed, i, k));
      }
    }
  }

  @Test
  void the_order_of_examples_does_not_matter() {
    Policy policy = open();
    TokenLogProbs scores = policy.score(batch());
    TokenLogProbs reversed = policy.score(new PreferenceBatch(batch().examples().reverse()));
    for (int i = 0; i < scores.size(); i++) {
      for (int k = 0; k < scores.completions(i); k++) {
        assertClose(tokens(reversed, scores.size() - 1 - i, k), tokens(scores, i, k));
      }
    }
  }

  @Test
  void the_order_of_completions_does_not_matter() {
    Policy policy = open();
    Example example = example(4, 3, 1, 5);
    Example reversed = new Example(example.prompt(), example.completions().reverse(), "reversed");
    TokenLogProbs scores = policy.score(PreferenceBatch.of(example));
    TokenLogProbs others = policy.score(PreferenceBatch.of(reversed));
    for (int k = 0; k < 3; k++) {
      assertClose(tokens(others, 0, 2 - k), tokens(scores, 0, k));
    }
  }

  @Test
  void equal_completions_are_scored_to_the_same_bits() {
    Policy policy = open();
    Example example = example(4, 5, 3);
    Example equal =
        new Example(
            example.prompt(),
            ImmutableList.of(example.chosen(), example.rejected(), example.chosen()),
            "twice");
    TokenLogProbs scores = policy.score(PreferenceBatch.of(example(2, 3), equal, example));
    assertThat(tokens(scores, 1, 2)).containsExactly(tokens(scores, 1, 0));
    assertClose(tokens(scores, 1, 0), tokens(scores, 2, 0));
  }

  @Test
  void a_completion_does_not_depend_on_what_follows() {
    Policy policy = open();
    Example whole = example(4, 6);
    Example start =
        new Example(
            whole.prompt(),
            ImmutableList.of(
                ImmutableIntArray.copyOf(whole.completions().get(0).asList().subList(0, 3))),
            "its start");
    double[] scores = policy.score(PreferenceBatch.of(whole)).values();
    assertClose(policy.score(PreferenceBatch.of(start)).values(), Arrays.copyOf(scores, 3));
  }

  @Test
  void scoring_changes_neither_weights_nor_gradients() {
    Policy policy = open();
    Map<String, double[]> before = values(policy);
    double[] first = policy.score(batch()).values();
    double[] second = policy.score(batch()).values();
    assertThat(second).containsExactly(first);
    assertThat(policy.step(descend(1))).isZero();
    assertSame(values(policy), before);
  }

  @Test
  void values_come_one_by_one_as_in_the_copy() {
    Policy policy = open();
    for (String name : policy.weights()) {
      DoubleStream.Builder values = DoubleStream.builder();
      policy.forEachValue(name, values);
      assertThat(values.build().toArray()).containsExactly(policy.values(name));
    }
  }

  private static double[] tokens(TokenLogProbs scores, int example, int completion) {
    int start = scores.start(example, completion);
    return Arrays.copyOfRange(scores.values(), start, start + scores.tokens(example, completion));
  }
}
