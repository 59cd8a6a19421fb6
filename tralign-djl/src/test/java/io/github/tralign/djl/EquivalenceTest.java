package io.github.tralign.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.djl.kernel.NativeKernels;
import io.github.tralign.djl.kernel.TestDevice;
import io.github.tralign.testkit.RelativeError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever saves time or memory gives the same numbers, for each way a family is computed:
 * log-probabilities to 2e-6 of their size, the gradients of each parameter to 1e-5. With products
 * of 16 bits these are right to 1e-5 and 1e-4: other sums are rounded.
 */
@Tag("numeric")
class EquivalenceTest {

  @TempDir private static Path folder;

  /** What each way computes of the rows at once, with which most cases compare. */
  private static final Map<Way, Computed> AT_ONCE = new HashMap<>();

  /** A checkpoint, and how products are computed. */
  private record Way(Path checkpoint, Precision precision) {
    double logProbTolerance() {
      return precision == Precision.FP32 ? 2e-6 : 1e-5;
    }

    double gradientTolerance() {
      return precision == Precision.FP32 ? 1e-5 : 1e-4;
    }

    /** With products of 16 bits, that of the norm alone: single numbers keep fewer digits. */
    double gradientError(double[] actual, double[] expected) {
      return precision == Precision.FP32
          ? RelativeError.of(actual, expected)
          : RelativeError.ofNorm(actual, expected);
    }
  }

  static Stream<Arguments> ways() {
    Stream<Path> golden = Golden.CHECKPOINTS.stream().map(Golden::path);
    Stream<Path> made = Variants.names().stream().map(name -> Variants.write(name, folder));
    return Stream.concat(golden, made)
        .flatMap(path -> precisions().map(precision -> new Way(path, precision)))
        .map(
            way ->
                Arguments.of(
                    Named.of(way.checkpoint().getFileName() + " " + way.precision(), way)));
  }

  private static Stream<Precision> precisions() {
    return NativeKernels.areSupported() && TestDevice.isCpu()
        ? Stream.of(Precision.FP32, Precision.FP32_HIGH)
        : Stream.of(Precision.FP32);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void layers_computed_again_give_the_same_bits(Way way) {
    Computed.by(settings(way).recompute(true), rows()).assertSameBits(atOnce(way));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void a_head_in_blocks_gives_the_same_numbers(Way way) {
    assertClose(way, Computed.by(settings(way).headRows(7), rows()), atOnce(way));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void micro_batches_give_the_same_numbers(Way way) {
    for (int tokens : new int[] {1, 60}) { // 1: each pair alone
      PreferenceBatch[] slices = rows()[0].microBatches(tokens).toArray(new PreferenceBatch[0]);
      assertThat(slices).hasSizeGreaterThan(2);
      assertClose(way, Computed.by(settings(way), slices), atOnce(way));
    }
  }

  /** Neither packed nor shared: each completion with a prompt of its own, in a batch of its own. */
  @ParameterizedTest
  @MethodSource("ways")
  void packed_completions_give_the_numbers_of_each_alone(Way way) {
    List<PreferenceBatch> alone = new ArrayList<>();
    for (Example example : rows()[0].examples()) {
      for (var completion : example.completions()) {
        alone.add(
            PreferenceBatch.of(
                new Example(example.prompt(), ImmutableList.of(completion), example.origin())));
      }
    }
    assertClose(
        way, atOnce(way), Computed.by(settings(way), alone.toArray(new PreferenceBatch[0])));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void a_prompt_shared_by_several_rows_gives_the_same_numbers(Way way) {
    Example first = Golden.rows().get(0);
    Example second = Golden.rows().get(1);
    Example third = new Example(first.prompt(), second.completions(), "made for this test");
    assertClose(
        way,
        Computed.by(settings(way), PreferenceBatch.of(first, second, third)),
        Computed.by(
            settings(way),
            PreferenceBatch.of(first),
            PreferenceBatch.of(second),
            PreferenceBatch.of(third)));
  }

  private static Computed atOnce(Way way) {
    return AT_ONCE.computeIfAbsent(way, it -> Computed.by(settings(it), rows()));
  }

  private static DjlPolicyBuilder settings(Way way) {
    return Golden.on(way.checkpoint()).threads(1).precision(way.precision());
  }

  /** Short pairs, and one that is longer than what attention and the head take at once. */
  private static PreferenceBatch[] rows() {
    Random random = new Random(3);
    Example longPair = Example.pair(tokens(random, 560), tokens(random, 300), tokens(random, 40));
    List<Example> pairs = new ArrayList<>(Golden.rows().subList(0, 5));
    pairs.add(3, longPair);
    return new PreferenceBatch[] {new PreferenceBatch(ImmutableList.copyOf(pairs))};
  }

  private static int[] tokens(Random random, int number) {
    return random.ints(number, 1, Golden.VOCABULARY).toArray();
  }

  private static void assertClose(Way way, Computed actual, Computed expected) {
    assertThat(RelativeError.of(actual.logProbs(), expected.logProbs()))
        .as("log-probabilities")
        .isLessThan(way.logProbTolerance());
    expected
        .gradients()
        .forEach(
            (name, gradient) -> {
              assertThat(RelativeError.norm(gradient)).as("gradient of %s", name).isPositive();
              assertThat(way.gradientError(actual.gradients().get(name), gradient))
                  .as("difference in the gradient of %s", name)
                  .isLessThan(way.gradientTolerance());
            });
  }
}
