package io.github.tralign.testkit;

import static io.github.tralign.testkit.PolicyTools.tokenWeights;
import static io.github.tralign.testkit.PolicyTools.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.Policy;
import io.github.tralign.policy.TokenGradient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;

/** Policies, batches and comparisons for {@link PolicyContract}. */
@NullUnmarked // maps by parameter have a value for each name
abstract class PolicyFixture {

  private final List<Policy> opened = new ArrayList<>();
  private int vocabulary; // 0 until first used

  /**
   * Makes a new policy, always with the same weights, which must not all be zero. The tests close
   * it.
   */
  protected abstract Policy newPolicy();

  /**
   * How much two computations of the same numbers may differ, as a {@link RelativeError}. Default
   * 1e-9, for double precision; 1e-5 is suitable for single precision.
   */
  protected double tolerance() {
    return 1e-9;
  }

  /**
   * The batch of most tests. Default: examples of different lengths and numbers of completions, one
   * of them with a single token.
   */
  protected PreferenceBatch batch() {
    return PreferenceBatch.of(
        example(3, 4, 2), example(1, 1, 5), example(6, 3, 3, 2), example(2, 7), example(5, 2, 1));
  }

  /** An example of random tokens; the same arguments give the same example. */
  protected final Example example(int promptTokens, int... completionTokens) {
    Random random = new Random(31L * promptTokens + Arrays.hashCode(completionTokens));
    ImmutableList.Builder<ImmutableIntArray> completions = ImmutableList.builder();
    for (int tokens : completionTokens) {
      completions.add(tokens(random, tokens));
    }
    return new Example(tokens(random, promptTokens), completions.build(), "made for a test");
  }

  private ImmutableIntArray tokens(Random random, int tokens) {
    if (vocabulary == 0) {
      vocabulary = open().vocabularySize();
    }
    return ImmutableIntArray.copyOf(random.ints(tokens, 0, vocabulary).toArray());
  }

  /** A new policy that is closed after the test. */
  protected final Policy open() {
    Policy policy = newPolicy();
    opened.add(policy);
    return policy;
  }

  @AfterEach
  void close_all() {
    opened.forEach(Policy::close);
  }

  /** Accumulates the gradient of a weighted sum of log-probabilities. */
  final void accumulate(Policy policy, PreferenceBatch batch) {
    policy.accumulate(batch, scores -> TokenGradient.of(tokenWeights(batch, 1)));
  }

  final void assertClose(double[] actual, double[] expected) {
    assertThat(RelativeError.of(actual, expected)).isLessThanOrEqualTo(tolerance());
  }

  final void assertClose(Map<String, double[]> actual, Map<String, double[]> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    expected.forEach(
        (name, values) ->
            assertThat(RelativeError.of(actual.get(name), values))
                .as(name)
                .isLessThanOrEqualTo(tolerance()));
  }

  /** Each parameter has moved by the same difference, up to the tolerance. */
  final void assertSameMove(
      Map<String, double[]> from, Map<String, double[]> actual, Map<String, double[]> expected) {
    assertClose(moves(from, actual), moves(from, expected));
  }

  private static Map<String, double[]> moves(Map<String, double[]> from, Map<String, double[]> to) {
    Map<String, double[]> moves = new TreeMap<>(to);
    moves.replaceAll((name, values) -> RelativeError.difference(values, from.get(name)));
    return moves;
  }

  /**
   * A single number is equal up to {@code factor} times the tolerance. It must not be a small
   * difference of large terms.
   */
  final void assertRelative(double actual, double expected, double factor) {
    assertThat(actual)
        .isCloseTo(expected, within(factor * tolerance() * Math.max(1, Math.abs(expected))));
  }

  /** Bit for bit, so that 0 is not −0. */
  static void assertSame(Map<String, double[]> actual, Map<String, double[]> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, values) -> assertThat(bits(actual.get(name))).isEqualTo(bits(values)));
  }

  /** Two models have the same weights and scores, bit for bit. */
  final void assertScoresAlike(LanguageModel actual, LanguageModel expected) {
    assertSame(PolicyTools.values(actual), PolicyTools.values(expected));
    assertThat(actual.score(batch()).values()).containsExactly(expected.score(batch()).values());
  }

  static void assertDiffers(Map<String, double[]> actual, Map<String, double[]> expected) {
    assertThat(actual.entrySet())
        .anyMatch(entry -> !Arrays.equals(entry.getValue(), expected.get(entry.getKey())));
  }

  private static long[] bits(double[] values) {
    return Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  /**
   * AdamW's first step moves each weight by the learning rate, against its gradient, if the
   * gradient is large compared with epsilon.
   *
   * @param descended the weights after a plain step of gradient descent with rate 1
   */
  void assertFirstAdamStep(
      double learningRate,
      Iterable<String> names,
      Map<String, double[]> before,
      Map<String, double[]> descended,
      Map<String, double[]> after) {
    int moved = 0;
    for (String name : names) {
      for (int i = 0; i < before.get(name).length; i++) {
        double gradient = before.get(name)[i] - descended.get(name)[i];
        if (Math.abs(gradient) > 1e-3) {
          moved++;
          assertThat(before.get(name)[i] - after.get(name)[i])
              .as("%s[%d]", name, i)
              .isCloseTo(learningRate * Math.signum(gradient), within(1e-6 + 10 * tolerance()));
        }
      }
    }
    assertThat(moved).isPositive();
  }
}
