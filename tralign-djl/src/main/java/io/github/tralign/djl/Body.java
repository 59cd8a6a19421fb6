package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.ImmutableList;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.kernel.PackedBatch;
import io.github.tralign.djl.model.Architecture;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The transformer between embedding and head: one kernel call forward and one back. */
final class Body {

  /** What a forward pass keeps for the backward pass; in the kernels' numbers. */
  enum Keep {
    /** There is none. */
    NOTHING,
    /** The input of each layer, which is then computed a second time. */
    INPUTS,
    /** All but what costs next to nothing to compute again. */
    ALL
  }

  private final Architecture architecture;
  private final Kernels kernels;
  private final NDManager manager;
  private final NDArray settings;
  private @Nullable Tables tables;

  /**
   * What a forward pass gives.
   *
   * @param hidden the hidden states that predict each completion token [C, H]
   * @param kept for the backward pass
   */
  record Forward(NDArray hidden, List<NDArray> kept) {}

  Body(Architecture architecture, Kernels kernels, NDManager manager) {
    this.architecture = architecture;
    this.kernels = kernels;
    this.manager = manager;
    this.settings = Kernels.onCpu(manager).create(architecture.settings());
  }

  /** A batch as the kernels take it, for both passes. */
  List<NDArray> arguments(PackedBatch batch, NDManager scope) {
    Tables known = tables(batch.longest());
    return ImmutableList.<NDArray>builder()
        .add(known.cos())
        .add(known.sin())
        .add(scope.create(batch.positions()))
        .add(scope.create(batch.predicting()))
        .addAll(Kernels.attended(batch.attended(), scope))
        .build();
  }

  /**
   * The hidden states, and what to keep of the way to them.
   *
   * @param embedded the packed tokens' embeddings [T, H]
   */
  Forward forward(NDArray embedded, List<NDArray> batch, Parameters weights, Keep keep) {
    NDArray kept = Kernels.onCpu(embedded.getManager()).create(keep.ordinal());
    List<NDArray> results =
        kernels.callAll(
            architecture.kernel(),
            embedded,
            weights.get(architecture.body()),
            settings,
            batch,
            kept);
    return new Forward(results.get(0), results.subList(1, results.size()));
  }

  /**
   * Adds the gradients of the body's parameters.
   *
   * @param back the gradient at the hidden states [C, H]
   * @return that at the embeddings [T, H]
   */
  NDArray backward(
      Forward forward,
      NDArray back,
      List<NDArray> batch,
      Parameters weights,
      Parameters gradients) {
    return kernels.call(
        architecture.kernel() + "_backward",
        back,
        weights.get(architecture.body()),
        settings,
        batch,
        gradients.get(architecture.body()),
        forward.kept());
  }

  private Tables tables(int longest) {
    Tables known = tables;
    if (known != null && known.length() >= longest) {
      return known;
    }
    if (known != null) {
      known.close();
    }
    Tables grown = Tables.upTo(longest, architecture.rotary(), manager);
    tables = grown;
    return grown;
  }
}
