package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenLogProbs;
import io.github.tralign.policy.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrecisionTest {

  private final PreferenceBatch batch =
      new PreferenceBatch(ImmutableList.copyOf(Golden.rows().subList(0, 6)));

  @ParameterizedTest
  @CsvSource({
    "flags : fpu sse2 avx2 avx512f avx512_bf16 sha_ni, true",
    "flags : fpu sse2 avx2 amx_bf16, true",
    "flags : fpu sse2 avx2 avx512f avx512_vnni, false",
    "model name : a processor named avx512_bf16, false"
  })
  void the_processor_is_asked_for_bf16(String line, boolean able, @TempDir Path folder)
      throws IOException {
    Path cpuinfo = Files.writeString(folder.resolve("cpuinfo"), "processor : 0\n" + line + "\n");
    assertThat(Processor.multipliesBf16(cpuinfo)).isEqualTo(able);
    assertThat(Processor.multipliesBf16(folder.resolve("none"))).isFalse();
  }

  @Test
  void auto_is_bf16_only_where_there_are_instructions_for_it() {
    assertThat(Precision.AUTO.on(false))
        .isEqualTo(Processor.multipliesBf16() ? Precision.BF16 : Precision.FP32);
    assertThat(Precision.AUTO.on(true)).isEqualTo(Precision.BF16);
    assertThat(Precision.BF16.on(false)).isEqualTo(Precision.BF16);
    assertThat(Precision.FP32.on(true)).isEqualTo(Precision.FP32);
  }

  @ParameterizedTest
  @ValueSource(strings = {"neox", "llama"})
  void bf16_is_near_fp32_and_not_it(String checkpoint) {
    try (DjlPolicy exact = load(checkpoint, Precision.FP32);
        DjlPolicy rounded = load(checkpoint, Precision.BF16)) {
      double[] expected = sums(exact, Weights.POLICY);
      double[] actual = sums(rounded, Weights.POLICY);
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
      policy.keepReference();
      assertThat(sums(policy, Weights.REFERENCE)).isEqualTo(sums(policy, Weights.POLICY));
    }
  }

  private static DjlPolicy load(String checkpoint, Precision precision) {
    return Golden.policy(checkpoint).threads(1).precision(precision).load();
  }

  /** The log-probability of each completion. */
  private double[] sums(DjlPolicy policy, Weights which) {
    TokenLogProbs scores = policy.score(batch, which);
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
