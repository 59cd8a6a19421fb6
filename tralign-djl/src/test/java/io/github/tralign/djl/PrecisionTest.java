package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.tralign.InvalidInputException;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.djl.kernel.NativeKernels;
import io.github.tralign.djl.kernel.Processor;
import io.github.tralign.policy.LanguageModel;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.testkit.RelativeError;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("numeric")
class PrecisionTest {

  private final PreferenceBatch batch =
      new PreferenceBatch(ImmutableList.copyOf(Golden.rows().subList(0, 6)));

  @Test
  void auto_is_bf16_only_where_there_are_instructions_for_it() {
    assertThat(Precision.AUTO.on(false))
        .isEqualTo(Processor.multipliesBf16() ? Precision.BF16 : Precision.FP32);
    assertThat(Precision.AUTO.on(true)).isEqualTo(Precision.BF16);
    assertThat(Precision.BF16.on(false)).isEqualTo(Precision.BF16);
    assertThat(Precision.FP32.on(true)).isEqualTo(Precision.FP32);
  }

  @Test
  void high_is_refused_where_it_cannot_be_computed() {
    assertThatThrownBy(() -> Precision.FP32_HIGH.on(true))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("AMX")
        .hasMessageEndingWith("on a GPU use fp32 or bf16");
    if (NativeKernels.areSupported()) {
      assertThat(Precision.FP32_HIGH.on(false)).isEqualTo(Precision.FP32_HIGH);
    } else {
      assertThatThrownBy(() -> load("neox", Precision.FP32_HIGH))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageEndingWith("without it use fp32 or bf16");
    }
  }

  /** Where there is no AMX, fp32 stands for it: then both are the same. */
  @ParameterizedTest
  @ValueSource(
      strings = {"neox", "variants/neox-tied-no-bias", "llama", "variants/llama-untied-bias"})
  void high_is_fp32_to_four_digits(String checkpoint) {
    Precision high = NativeKernels.areSupported() ? Precision.FP32_HIGH : Precision.FP32;
    try (DjlPolicy exact = load(checkpoint, Precision.FP32);
        DjlPolicy split = load(checkpoint, high)) {
      double[] expected = sums(exact);
      double[] actual = sums(split);
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(1e-5 * Math.abs(expected[i])));
      }
      accumulate(exact);
      accumulate(split);
      for (String name : exact.parameters()) {
        assertThat(RelativeError.ofNorm(split.gradient(name), exact.gradient(name)))
            .as(name)
            .isLessThan(1e-4);
      }
    }
  }

  static Stream<String> checkpoints() {
    return Stream.concat(Stream.of("neox", "llama"), Golden.families());
  }

  @ParameterizedTest
  @MethodSource("checkpoints")
  void bf16_is_near_fp32_and_not_it(String checkpoint) {
    try (DjlPolicy exact = load(checkpoint, Precision.FP32);
        DjlPolicy rounded = load(checkpoint, Precision.BF16)) {
      double[] expected = sums(exact);
      double[] actual = sums(rounded);
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(0.01 * Math.abs(expected[i])));
      }
      assertThat(actual).isNotEqualTo(expected);
      accumulate(exact);
      accumulate(rounded);
      for (String name : exact.parameters()) {
        assertThat(cosine(exact.gradient(name), rounded.gradient(name)))
            .as(name)
            .isGreaterThan(0.99);
      }
    }
  }

  @Test
  void a_policy_is_its_own_reference_exactly() {
    try (DjlPolicy policy = load("llama", Precision.BF16)) {
      policy.copyToReference();
      assertThat(sums(policy.reference())).isEqualTo(sums(policy));
    }
  }

  private static DjlPolicy load(String checkpoint, Precision precision) {
    return Golden.policy(checkpoint).threads(1).precision(precision).load();
  }

  /** The log-probability of each completion. */
  private double[] sums(LanguageModel model) {
    TokenLogProbs scores = model.score(batch);
    return IntStream.range(0, batch.size())
        .mapToObj(i -> new double[] {scores.sum(i, 0), scores.sum(i, 1)})
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }

  private void accumulate(DjlPolicy policy) {
    double[] slope = new double[batch.completionTokens()];
    Arrays.fill(slope, 1);
    policy.accumulate(batch, scores -> TokenGradient.of(slope));
  }

  private static double cosine(double[] a, double[] b) {
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return ab / Math.sqrt(aa * bb);
  }
}
