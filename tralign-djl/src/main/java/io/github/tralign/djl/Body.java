package io.github.tralign.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.kernel.PackedBatch;
import io.github.tralign.djl.model.Architecture;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The transformer between embedding and head, as one kernel call, with the tables that it needs for
 * any weights: rotary angles and the causal mask, which grow with the longest sequence seen.
 */
final class Body {

  private static final int FIRST_LENGTH = 256;

  private final Architecture architecture;
  private final Kernels kernels;
  private final NDManager manager;
  private final NDArray settings;
  private @Nullable Tables tables;

  private record Tables(int length, NDArray cos, NDArray sin, NDArray causal) {}

  Body(Architecture architecture, Kernels kernels, NDManager manager) {
    this.architecture = architecture;
    this.kernels = kernels;
    this.manager = manager;
    this.settings = onCpu(manager).create(architecture.settings());
  }

  /**
   * The hidden states that predict each completion token, [C, H].
   *
   * @param embedded the packed tokens' embeddings, [T, H]
   */
  NDArray forward(NDArray embedded, PackedBatch batch, Parameters weights, NDManager scope) {
    Tables known = tables(batch.longest());
    NDManager cpu = onCpu(scope);
    return kernels.call(
        architecture.kernel(),
        embedded,
        weights.get(architecture.body()),
        settings,
        known.cos(),
        known.sin(),
        scope.create(batch.positions()),
        scope.create(batch.predicting()),
        known.causal(),
        cpu.create(batch.pieces()),
        cpu.create(batch.counts()));
  }

  private Tables tables(int longest) {
    Tables known = tables;
    if (known != null && known.length() >= longest) {
      return known;
    }
    if (known != null) {
      known.cos().close();
      known.sin().close();
      known.causal().close();
    }
    int length = FIRST_LENGTH;
    while (length < longest) {
      length *= 2;
    }
    Shape shape = new Shape(length, architecture.rotary().rotated());
    Tables grown =
        new Tables(
            length,
            manager.create(architecture.rotary().cosines(length), shape),
            manager.create(architecture.rotary().sines(length), shape),
            triangle(length));
    tables = grown;
    return grown;
  }

  private NDArray triangle(int length) {
    boolean[] causal = new boolean[length * length];
    for (int row = 0; row < length; row++) {
      Arrays.fill(causal, row * length, row * length + row + 1, true);
    }
    return manager.create(causal, new Shape(length, length));
  }

  /**
   * Small integers that kernels unpack stay on the CPU: reading them off a GPU would wait for it.
   */
  static NDManager onCpu(NDManager scope) {
    return scope.getDevice().isGpu() ? scope.newSubManager(Device.cpu()) : scope;
  }
}
