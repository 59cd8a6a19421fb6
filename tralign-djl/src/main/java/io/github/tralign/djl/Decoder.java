package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.tralign.data.Example;
import io.github.tralign.data.PreferenceBatch;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.kernel.PackedBatch;
import io.github.tralign.djl.model.Architecture;
import java.util.Locale;

/**
 * A decoder of one architecture on one device, without weights: embedding, body, head and token
 * statistics. It works with any weights of that architecture.
 */
record Decoder(
    Architecture architecture,
    NDManager manager,
    Kernels kernels,
    DecoderLayers body,
    Head head,
    Statistics statistics) {

  /**
   * Makes a decoder.
   *
   * @param headRows see {@link DjlPolicyBuilder#headRows}; 0 for the default
   */
  static Decoder of(Architecture architecture, NDManager manager, Kernels kernels, int headRows) {
    return new Decoder(
        architecture,
        manager,
        kernels,
        new DecoderLayers(architecture, kernels, manager),
        new Head(kernels, headRows, architecture.vocabularySize(), manager),
        new Statistics(kernels, headRows, manager));
  }

  /** A batch in the kernels' form. */
  record Inputs(NDArray ids, NDArray targets, DecoderLayers.Batch packed) {}

  Inputs inputs(PreferenceBatch batch, NDManager scope) {
    batch.requireKnown(architecture.vocabularySize());
    architecture.weights().positions().ifPresent(it -> requireAtMost(it, batch));
    PackedBatch packed = PackedBatch.of(batch, architecture.spec());
    return new Inputs(
        scope.create(packed.ids()), scope.create(packed.targets()), body.batch(packed, scope));
  }

  private static void requireAtMost(long positions, PreferenceBatch batch) {
    for (Example example : batch.examples()) {
      if (example.longestSequence() > positions) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s has %d tokens, but the model has embeddings for %d positions only",
                example.origin(),
                example.longestSequence(),
                positions));
      }
    }
  }

  /** The tokens' embeddings, [T, H]. */
  NDArray embed(Inputs inputs, Parameters weights) {
    return body.embed(inputs.ids(), inputs.packed().positions(), weights);
  }

  /** Computes the input to the head; no backward pass follows. */
  HeadInput forward(Inputs inputs, Parameters weights) {
    return headInput(body.forward(embed(inputs, weights), inputs.packed(), weights), weights);
  }

  HeadInput headInput(DecoderLayers.Forward inner, Parameters weights) {
    return new HeadInput(
        inner.hidden(), weights.get(architecture.weights().head()), architecture.spec().logitCap());
  }
}
