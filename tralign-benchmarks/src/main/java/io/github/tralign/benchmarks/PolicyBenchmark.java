package io.github.tralign.benchmarks;

import com.google.common.collect.ImmutableList;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.djl.DjlPolicy;
import io.github.tralign.optimizer.AdamW;
import io.github.tralign.optimizer.OptimizerStep;
import io.github.tralign.policy.TokenGradient;
import io.github.tralign.policy.TokenLogProbs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Measures each part of a training step on 8 pairs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 3, time = 10)
public class PolicyBenchmark {

  private static final int PAIRS = 8;
  private static final OptimizerStep STEP = new OptimizerStep(1e-6, 1, AdamW.ofDefaults());

  /** The model. */
  @Param("PYTHIA_70M")
  public Shape shape = Shape.PYTHIA_70M;

  /** Tokens per prompt. */
  @Param({"30", "120"})
  public int promptTokens = 120;

  /** Tokens per completion. */
  @Param("50")
  public int completionTokens = 50;

  private @Nullable Fixture prepared;

  /** The policy and the batches: pairs, and the same completions each with its own prompt. */
  private record Fixture(DjlPolicy policy, PreferenceBatch pairs, PreferenceBatch singles) {}

  /** Makes the model and the batches. */
  @Setup
  public void prepare() throws IOException {
    Random random = new Random(1);
    List<Example> pairs = new ArrayList<>();
    for (int i = 0; i < PAIRS; i++) {
      pairs.add(
          Example.pair(
              tokens(random, promptTokens),
              tokens(random, completionTokens),
              tokens(random, completionTokens)));
    }
    DjlPolicy policy = shape.load();
    policy.copyToReference();
    prepared = new Fixture(policy, new PreferenceBatch(ImmutableList.copyOf(pairs)), apart(pairs));
    accumulateOfPairs(); // so that gradients exist
    step();
  }

  /** Frees the model. */
  @TearDown
  public void close() {
    fixture().policy().close();
  }

  /** Log-probabilities of pairs, each prompt computed once. */
  @Benchmark
  public TokenLogProbs scoreOfPairs() {
    return fixture().policy().score(fixture().pairs());
  }

  /** Log-probabilities of the same completions, each with its own prompt. */
  @Benchmark
  public List<TokenLogProbs> scoreOneByOne() {
    return fixture().singles().microBatches(1).stream()
        .map(single -> fixture().policy().score(single))
        .toList();
  }

  /** A forward and backward pass. */
  @Benchmark
  public void accumulateOfPairs() {
    fixture()
        .policy()
        .accumulate(
            fixture().pairs(),
            scores -> {
              double[] slope = new double[fixture().pairs().completionTokens()];
              Arrays.fill(slope, 1e-3);
              return TokenGradient.of(slope);
            });
  }

  /** AdamW with clipping. */
  @Benchmark
  public double step() {
    return fixture().policy().step(STEP);
  }

  /** A soft update of the reference. */
  @Benchmark
  public void mixReference() {
    fixture().policy().mixReference(0.6);
  }

  private Fixture fixture() {
    if (prepared == null) {
      throw new IllegalStateException("call prepare() first");
    }
    return prepared;
  }

  private static PreferenceBatch apart(List<Example> pairs) {
    List<Example> singles = new ArrayList<>();
    for (Example pair : pairs) {
      pair.completions()
          .forEach(it -> singles.add(new Example(pair.prompt(), ImmutableList.of(it), "made")));
    }
    return new PreferenceBatch(ImmutableList.copyOf(singles));
  }

  private int[] tokens(Random random, int number) {
    return random.ints(number, 1, shape.vocabularySize).toArray();
  }
}
