package io.github.tralign.djl.kernel;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import io.github.tralign.djl.model.DecoderSpec;
import java.util.List;

/** The attention kernel of a model on a device, and what it takes to know who attends to whom. */
public final class Attention {

  /** Queries whose capped scores are in memory at a time. */
  private static final int CAPPED_QUERIES = 256;

  private Attention() {}

  /**
   * The texts of the kernel. It is PyTorch's for the device, or with {@link Products#FP32_HIGH}
   * that of {@link NativeKernels}. PyTorch's kernels cannot cap scores, and the native one has no
   * windows and no other scale than 1/√{@code headSize}.
   */
  static ImmutableList<String> texts(Device device, Products products, DecoderSpec model) {
    boolean library = !device.isGpu() && NativeKernels.generate();
    return ImmutableList.<String>builder()
        .addAll(ofBatches(device, products, model))
        .add(library ? "attend_tokens_native" : "attend_tokens")
        .build();
  }

  private static ImmutableList<String> ofBatches(
      Device device, Products products, DecoderSpec model) {
    if (model.scoreCap() > 0) {
      return ImmutableList.of("attention_runs", "attention_capped");
    }
    if (device.isGpu()) {
      return ImmutableList.of("attention_gpu");
    }
    boolean plain =
        model.windows().equals(ImmutableIntArray.of(0))
            && model.scoreScale() == 1 / Math.sqrt(model.headSize());
    return products == Products.FP32_HIGH && plain
        ? ImmutableList.of("attention_high")
        : ImmutableList.of("attention_runs", "attention_flash");
  }

  /**
   * The argument {@code attended} of the kernels {@code decoder} and {@code decoder_backward}, with
   * the arrays of each of the model's {@link DecoderSpec#windows windows} in turn.
   *
   * @param runs see {@link PackedBatch#attended}
   * @param positions see {@link PackedBatch#positions}
   */
  public static List<NDArray> attended(
      long[][] runs, long[] positions, DecoderSpec model, NDManager scope) {
    ImmutableList.Builder<NDArray> arrays = ImmutableList.builder();
    boolean bySequence = scope.getDevice().isGpu() && model.scoreCap() == 0;
    for (int window : model.windows().asList()) {
      arrays.addAll(
          bySequence
              ? bySequence(runs, window, scope)
              : byRun(runs, positions, window, model.scoreCap() > 0, scope));
    }
    return arrays.build();
  }

  private static List<NDArray> bySequence(long[][] runs, int window, NDManager scope) {
    Sequences sequences = Sequences.of(runs);
    int[] longest = sequences.longest();
    return List.of(
        scope.create(sequences.queryStarts()),
        scope.create(sequences.keyStarts()),
        scope.create(sequences.keys()),
        Kernels.onCpu(scope).create(new int[] {longest[0], longest[1], window}));
  }

  private static List<NDArray> byRun(
      long[][] runs, long[] positions, int window, boolean capped, NDManager scope) {
    int all = window == 0 ? Integer.MAX_VALUE : window;
    WindowedRuns seen =
        WindowedRuns.of(runs, positions, all, capped ? Math.min(all, CAPPED_QUERIES) : all);
    NDManager cpu = Kernels.onCpu(scope);
    return List.of(cpu.create(seen.runs()), cpu.create(seen.first()));
  }
}
