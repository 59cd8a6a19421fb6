package io.github.tralign.benchmarks;

import static io.github.tralign.testkit.RelativeError.doubles;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.github.tralign.djl.kernel.NativeKernels;
import io.github.tralign.testkit.RelativeError;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A ratio means something only where both ways compute the same. */
class KernelBenchmarksTest {

  @ParameterizedTest
  @EnumSource(names = {"TINY", "TINY_LLAMA"})
  void both_heads_give_the_same_gradient(Shape shape) {
    assertSame(
        () -> prepared(new HeadBenchmark(), shape, it -> it.tokens = 7),
        HeadBenchmark::fusedGradient,
        HeadBenchmark::plainGradient);
  }

  @ParameterizedTest
  @EnumSource(names = {"TINY", "TINY_LLAMA"})
  void both_attentions_give_the_same_gradient(Shape shape) {
    assertSame(
        () -> prepared(new AttentionBenchmark(), shape, it -> it.promptTokens = 9),
        AttentionBenchmark::fusedGradient,
        AttentionBenchmark::plainGradient);
  }

  @ParameterizedTest
  @EnumSource(names = {"TINY", "TINY_LLAMA"})
  void both_mixes_give_the_same_reference(Shape shape) {
    assertSame(
        () -> prepared(new MixBenchmark(), shape, it -> {}),
        it -> {
          it.fused();
          return it.fixture().reference().get(3);
        },
        it -> {
          it.plain();
          return it.fixture().reference().get(3);
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"TINY", "TINY_LLAMA"})
  void both_optimizers_give_the_same_weights(Shape shape) {
    assertSame(
        () -> prepared(new AdamWBenchmark(), shape, it -> {}),
        it -> {
          it.fused();
          return it.fixture().weights().get(3);
        },
        it -> {
          it.plain();
          return it.fixture().weights().get(3);
        });
  }

  /** Where there is no AMX, there is one of them only. */
  @ParameterizedTest
  @EnumSource(names = {"TINY", "TINY_LLAMA"})
  void both_products_give_the_same_sum(Shape shape) {
    boolean both = NativeKernels.areSupported();
    assertClose(
        1e-4f,
        () -> prepared(new ProductBenchmark(), shape, it -> it.tokens = 70),
        it -> {
          if (both) {
            it.high();
          } else {
            it.plain();
          }
          return it.fixture().g();
        },
        it -> {
          it.plain();
          return it.fixture().g();
        });
  }

  private static <F, B extends KernelBenchmark<F>> B prepared(
      B benchmark, Shape shape, Consumer<B> settings) {
    benchmark.shape = shape;
    settings.accept(benchmark);
    benchmark.prepare();
    return benchmark;
  }

  private static <B extends KernelBenchmark<?>> void assertSame(
      Supplier<B> start, Function<B, NDArray> fused, Function<B, NDArray> plain) {
    assertClose(1e-5f, start, fused, plain);
  }

  private static <B extends KernelBenchmark<?>> void assertClose(
      float tolerance, Supplier<B> start, Function<B, NDArray> fused, Function<B, NDArray> plain) {
    B one = start.get();
    B other = start.get();
    float[] actual = fused.apply(one).toFloatArray();
    float[] expected = plain.apply(other).toFloatArray();
    one.close();
    other.close();
    assertThat(expected).isNotEqualTo(new float[expected.length]);
    assertThat(RelativeError.ofLargest(doubles(actual), doubles(expected))).isLessThan(tolerance);
  }
}
