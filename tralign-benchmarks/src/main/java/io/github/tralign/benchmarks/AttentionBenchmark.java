package io.github.tralign.benchmarks;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.GradientCollector;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.kernel.Attention;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.kernel.Products;
import io.github.tralign.djl.model.DecoderSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * Measures attention of one layer over packed pairs, forward and backward: run by run without
 * masks, and with masked scores for each group and autograd.
 */
public class AttentionBenchmark extends KernelBenchmark<AttentionBenchmark.Fixture> {

  private static final int GROUPS = 8;

  /** Masks a score: far below all others. */
  private static final float HIDDEN = -1e38f;

  /** Tokens per prompt. */
  @Param({"120", "1000"})
  public int promptTokens = 120;

  /** Tokens per completion; each prompt has two. */
  @Param("50")
  public int completionTokens = 50;

  /**
   * The arrays.
   *
   * @param attention the kernels
   * @param queries [T, A, D]
   * @param keys [T, K, D]
   * @param values [T, K, D]
   * @param back the gradient at the result [T, A D]
   * @param attended see {@link Attention#attended}
   * @param mask added to the scores of a group [L, L]
   * @param gradients accumulated gradients at queries, keys and values
   */
  record Fixture(
      Kernels attention,
      NDArray queries,
      NDArray keys,
      NDArray values,
      NDArray back,
      List<NDArray> attended,
      NDArray mask,
      List<NDArray> gradients) {}

  @Override
  Fixture make() {
    int all = GROUPS * length();
    int heads = shape.heads;
    int keyHeads = shape.keyValueHeads;
    int size = shape.headSize();
    NDArray queries = normal(1, all, heads, size);
    NDArray keys = normal(1, all, keyHeads, size);
    NDArray values = normal(1, all, keyHeads, size);
    return new Fixture(
        Kernels.on(engine, Device.cpu(), Products.FP32, spec()),
        queries,
        keys,
        values,
        normal(1, all, (long) heads * size),
        Attention.attended(attended(), positions(), spec(), manager),
        manager.create(mask(), new ai.djl.ndarray.types.Shape(length(), length())),
        List.of(queries.zerosLike(), keys.zerosLike(), values.zerosLike()));
  }

  private int length() {
    return promptTokens + 2 * completionTokens;
  }

  private long[][] attended() {
    List<long[]> runs = new ArrayList<>();
    for (int group = 0; group < GROUPS; group++) {
      long prompt = (long) group * length();
      long both = promptTokens + completionTokens;
      runs.add(new long[] {prompt, both, prompt, both});
      runs.add(new long[] {prompt + both, completionTokens, prompt + both, completionTokens});
      runs.add(new long[] {prompt + both, completionTokens, prompt, promptTokens});
    }
    return runs.toArray(new long[0][]);
  }

  private long[] positions() {
    long prompt = promptTokens;
    return IntStream.range(0, GROUPS)
        .mapToObj(
            group ->
                LongStream.concat(
                    LongStream.range(0, prompt + completionTokens),
                    LongStream.range(prompt, prompt + completionTokens)))
        .flatMapToLong(it -> it)
        .toArray();
  }

  private DecoderSpec spec() {
    return DecoderSpec.builder()
        .heads(shape.heads)
        .keyValueHeads(shape.keyValueHeads)
        .headSize(shape.headSize())
        .norm(DecoderSpec.Norm.RMS)
        .epsilon(1e-6)
        .activation(DecoderSpec.Activation.SILU)
        .rotaryOfLayer(ImmutableIntArray.of(-1))
        .build();
  }

  private float[] mask() {
    int length = length();
    float[] mask = new float[length * length];
    for (int i = 0; i < length; i++) {
      for (int j = 0; j < length; j++) {
        boolean otherCompletion =
            i >= promptTokens + completionTokens
                && j >= promptTokens
                && j < promptTokens + completionTokens;
        mask[i * length + j] = j > i || otherCompletion ? HIDDEN : 0;
      }
    }
    return mask;
  }

  /** By runs of tokens, with a hand-written backward pass. */
  @Benchmark
  public float fused() {
    return first(this::fusedGradient);
  }

  /** Masked scores of a whole group, softmax, and autograd. */
  @Benchmark
  public float plain() {
    return first(this::plainGradient);
  }

  /** The gradient at the queries. */
  NDArray fusedGradient() {
    Fixture it = fixture();
    NDList result =
        it.attention()
            .callAll(manager, "attend", it.queries(), it.keys(), it.values(), it.attended());
    return it.attention()
        .call(
            manager,
            "attend_backward",
            it.back(),
            it.queries(),
            it.keys(),
            it.values(),
            result.get(0),
            result.get(1),
            it.attended(),
            it.gradients().get(0),
            it.gradients().get(1),
            it.gradients().get(2));
  }

  /** The gradient at the queries; later calls add to that of the first. */
  NDArray plainGradient() {
    Fixture it = fixture();
    List.of(it.queries(), it.keys(), it.values()).forEach(x -> x.setRequiresGradient(true));
    try (GradientCollector collector = engine.newGradientCollector()) {
      NDArray queries = byHead(it.queries());
      NDArray keys = byHead(it.keys());
      NDArray values = byHead(it.values());
      NDArray scores = queries.matMul(keys.transpose(0, 1, 3, 2)).div(Math.sqrt(shape.headSize()));
      NDArray result = scores.add(it.mask()).softmax(3).matMul(values);
      NDArray rows = result.transpose(0, 2, 1, 3).reshape(it.back().getShape());
      collector.backward(rows.mul(it.back()).sum());
    }
    return it.queries().getGradient();
  }

  /** [T, heads, D] as [group, A, L, D]; keys and values once for each query head. */
  private NDArray byHead(NDArray rows) {
    NDArray grouped = rows.reshape(GROUPS, length(), -1, shape.headSize()).transpose(0, 2, 1, 3);
    long each = shape.heads / grouped.size(1);
    return each == 1 ? grouped : grouped.repeat(1, each);
  }
}
