package io.github.tralign.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.random.L64X128Mix;
import io.github.tralign.recurrent.RecurrentPolicy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SamplerTest {

  private static final int SYMBOLS = 3;
  private static final int LENGTH = 3;
  private static final int[] PROMPT = {2, 0};

  private final RecurrentPolicy policy = RecurrentPolicy.random(SYMBOLS, 5, new L64X128Mix(1));
  private final RecurrentPolicy frozen = RecurrentPolicy.random(SYMBOLS, 5, new L64X128Mix(2));

  @Test
  void completions_are_as_frequent_as_they_are_likely() {
    int n = 10_000;
    Map<Integer, Integer> counts = new HashMap<>();
    for (int[] text : complete(n).texts()) {
      counts.merge(number(text), 1, Integer::sum);
    }
    double chiSquare = 0;
    for (int[] text : all()) {
      double expected = n * Math.exp(logProb(policy, text));
      chiSquare += Math.pow(counts.getOrDefault(number(text), 0) - expected, 2) / expected;
    }
    assertThat(chiSquare).isBetween(12.0, 48.0); // 26 degrees of freedom, 1 % on either side
  }

  /** The chain rule: KL of completions is the mean of the sums of the tokens' KL. */
  @Test
  void divergences_are_those_of_all_completions_by_enumeration() {
    Map<Integer, Double> divergences = new HashMap<>();
    Sampler.Completed completed = complete(3000);
    for (int i = 0; i < completed.texts().length; i++) {
      double before =
          divergences.merge(
              number(completed.texts()[i]), completed.divergences()[i], (first, again) -> first);
      assertThat(completed.divergences()[i]).isEqualTo(before); // whatever runs beside it
    }
    double sum = 0;
    double expected = 0;
    for (int[] text : all()) {
      double log = logProb(policy, text);
      sum += Math.exp(log) * divergences.get(number(text));
      expected += Math.exp(log) * (log - logProb(frozen, text));
    }
    assertThat(expected).isPositive();
    assertThat(sum).isCloseTo(expected, within(1e-12));
  }

  @Test
  void a_policy_does_not_diverge_from_itself() {
    double[][] uniforms = {{0.1, 0.5, 0.9}};
    assertThat(Sampler.complete(policy, policy, new int[][] {PROMPT}, uniforms).divergences())
        .containsExactly(0);
  }

  @Test
  void a_number_falls_into_the_interval_of_its_index() {
    double[] weights = {1, 0, 2, 1};
    assertThat(Sampler.choose(weights, 0)).isZero();
    assertThat(Sampler.choose(weights, 0.249)).isZero();
    assertThat(Sampler.choose(weights, 0.25)).isEqualTo(2);
    assertThat(Sampler.choose(weights, 0.749)).isEqualTo(2);
    assertThat(Sampler.choose(weights, 0.75)).isEqualTo(3);
  }

  private Sampler.Completed complete(int n) {
    RandomGenerator random = new L64X128Mix(7);
    int[][] prompts = new int[n][];
    Arrays.fill(prompts, PROMPT);
    double[][] uniforms = new double[n][];
    Arrays.setAll(uniforms, i -> random.doubles(LENGTH).toArray());
    return Sampler.complete(policy, frozen, prompts, uniforms);
  }

  private static int[][] all() {
    int[][] all = new int[(int) Math.pow(SYMBOLS, LENGTH)][];
    Arrays.setAll(all, i -> new int[] {2, 0, i / 9, i / 3 % 3, i % 3});
    return all;
  }

  private static int number(int[] text) {
    return 9 * text[2] + 3 * text[3] + text[4];
  }

  private static double logProb(RecurrentPolicy model, int[] text) {
    Example example = Example.demonstration(PROMPT, Arrays.copyOfRange(text, 2, text.length));
    return model.score(PreferenceBatch.of(example)).sum(0, 0);
  }
}
