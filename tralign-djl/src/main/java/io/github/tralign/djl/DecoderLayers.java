package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.djl.kernel.Attention;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.kernel.PackedBatch;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;
import io.github.tralign.djl.model.Parameter.Role;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The embeddings and the transformer layers before the head: one kernel call each per forward or
 * backward pass.
 */
final class DecoderLayers {

  /** What a forward pass keeps for the backward pass. The ordinals are the kernels' numbers. */
  enum Keep {
    /** Nothing: no backward pass follows. */
    NOTHING,
    /** The input of each layer; the backward pass recomputes the rest. */
    INPUTS,
    /** All activations, except those that are cheap to recompute. */
    ALL
  }

  private final Architecture architecture;
  private final ImmutableList<ImmutableList<Parameter>> layers;
  private final ImmutableList<Parameter> outside;
  private final Kernels kernels;
  private final NDManager manager;
  private @Nullable RotaryTables tables;

  /** A batch in the kernels' form, for both passes. */
  record Batch(
      List<NDArray> tables,
      NDArray positions,
      NDArray angles,
      NDArray predicting,
      List<NDArray> attended) {}

  /**
   * The result of a forward pass.
   *
   * @param hidden the hidden states that predict each completion token [C, H]
   * @param kept activations for the backward pass
   */
  record Forward(NDArray hidden, Kernels.Opaque kept) {}

  DecoderLayers(Architecture architecture, Kernels kernels, NDManager manager) {
    this.architecture = architecture;
    this.layers =
        IntStream.range(0, architecture.spec().layers())
            .mapToObj(architecture.weights()::ofLayer)
            .collect(ImmutableList.toImmutableList());
    this.outside = architecture.weights().ofLayer(Parameter.NO_LAYER);
    this.kernels = kernels;
    this.manager = manager;
  }

  Batch batch(PackedBatch batch, NDManager scope) {
    NDArray positions = scope.create(batch.positions());
    return new Batch(
        tables(batch.longest()).arrays(),
        positions,
        batch.angles() == batch.positions() ? positions : scope.create(batch.angles()),
        scope.create(batch.predicting()),
        Attention.attended(batch.attended(), batch.positions(), architecture.spec(), scope));
  }

  /** The tokens' embeddings [T, H], with those of their positions where these are learned. */
  NDArray embed(NDArray ids, NDArray positions, Parameters weights) {
    return kernels.call(
        ids.getManager(), "embed", ids, positions, named(outside, weights), embeddingScale());
  }

  /** Adds the gradients of the embeddings' tables, given that at the embeddings [T, H]. */
  void embedGradient(NDArray ids, Batch batch, NDArray back, Parameters gradients) {
    kernels.run(
        "embed_gradient",
        ids,
        batch.positions(),
        back,
        named(outside, gradients),
        embeddingScale());
  }

  private double embeddingScale() {
    return architecture.spec().embeddingScale();
  }

  /**
   * Computes the hidden states; no backward pass follows.
   *
   * @param embedded the packed tokens' embeddings [T, H]
   */
  Forward forward(NDArray embedded, Batch batch, Parameters weights) {
    return forward(embedded, batch, weights, Keep.NOTHING, 0);
  }

  /**
   * Computes the hidden states and keeps activations for the backward pass.
   *
   * @param embedded the packed tokens' embeddings [T, H]
   * @param trained the parameters whose gradients the backward pass computes
   */
  Forward forward(
      NDArray embedded, Batch batch, Parameters weights, Keep keep, TrainedParameters trained) {
    return forward(embedded, batch, weights, keep, trained.lowestLayer());
  }

  private Forward forward(
      NDArray embedded, Batch batch, Parameters weights, Keep keep, int lowestLayer) {
    Kernels.Kept results =
        kernels.callKeeping(
            embedded.getManager(),
            "decoder",
            embedded,
            ofLayers(weights),
            named(outside, weights),
            batch.tables(),
            batch.angles(),
            batch.predicting(),
            batch.attended(),
            keep.ordinal(),
            lowestLayer);
    return new Forward(results.array(), results.rest());
  }

  /**
   * Adds the gradients of the body's parameters to {@code gradients}.
   *
   * @param back the gradient at the hidden states [C, H]
   * @param toInput whether to compute the gradient at the embeddings
   * @return the gradient at the embeddings [T, H]; meaningless unless {@code toInput}
   */
  NDArray backward(
      Forward forward,
      NDArray back,
      Batch batch,
      Parameters weights,
      Parameters gradients,
      boolean toInput) {
    return kernels.call(
        back.getManager(),
        "decoder_backward",
        back,
        forward.kept(),
        ofLayers(weights),
        named(outside, weights),
        ofLayers(gradients),
        named(outside, gradients),
        batch.tables(),
        batch.angles(),
        batch.predicting(),
        batch.attended(),
        toInput);
  }

  /**
   * The weights in the form that {@link #decode} takes. It is a copy where the processor multiplies
   * faster with another layout.
   *
   * @param head the head's weights [V, H]
   * @param owner frees the copy
   */
  Kernels.Opaque toDecode(Parameters weights, NDArray head, NDManager owner) {
    Kernels.Kept packed =
        kernels.callKeeping(
            owner, "weights_to_decode", ofLayers(weights), named(outside, weights), head);
    packed.array().close();
    return packed.rest();
  }

  /**
   * Appends tokens to cached sequences.
   *
   * @param embedded the tokens' embeddings [T, H]
   * @param weights see {@link #toDecode}
   * @return the logits after the tokens {@link CachedPass#last} [B, V], and log Σ exp of each
   */
  NDList decode(NDArray embedded, CachedPass pass, KeyValueCache cache, Kernels.Opaque weights) {
    NDManager scope = embedded.getManager();
    return kernels.callAll(
        scope,
        "decode",
        embedded,
        architecture.spec().logitCap(),
        weights,
        tables(pass.longest()).arrays(),
        scope.create(pass.angles()),
        scope.create(pass.last()),
        scope.create(pass.slots()),
        pass.seen(Kernels.onCpu(scope)),
        cache.arrays());
  }

  /** The arrays of each layer, by kernel name. */
  private List<Map<String, NDArray>> ofLayers(Parameters values) {
    return layers.stream().map(it -> named(it, values)).toList();
  }

  /** The arrays of those parameters that have values, by kernel name. */
  private static Map<String, NDArray> named(List<Parameter> parameters, Parameters values) {
    ImmutableMap.Builder<String, NDArray> named = ImmutableMap.builder();
    for (Parameter parameter : parameters) {
      values.find(parameter).ifPresent(array -> named.put(parameter.kernelName(), array));
      for (Role part : Nf4Matrix.PARTS) {
        Parameter its = parameter.in4Bits(part);
        values.find(its).ifPresent(array -> named.put(its.kernelName(), array));
      }
    }
    return named.buildOrThrow();
  }

  private RotaryTables tables(int longest) {
    RotaryTables known = tables;
    if (known != null && known.length() >= longest) {
      return known;
    }
    if (known != null) {
      known.close();
    }
    RotaryTables grown = RotaryTables.upTo(longest, architecture.spec(), manager);
    tables = grown;
    return grown;
  }
}
