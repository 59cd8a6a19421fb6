package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.github.tralign.djl.kernel.Kernels;

/**
 * Both ends of the model, whose gradients are computed by hand: log-probabilities of the labels
 * without the logits of all rows, and embeddings without a gradient of the table's size a pass.
 */
final class Head {

  private final Kernels kernels;
  private final NDArray buffer; // [rows, V]

  /**
   * The ends of a model.
   *
   * @param rows completion tokens whose logits exist at once
   */
  Head(Kernels kernels, int rows, int vocabularySize, NDManager manager) {
    this.kernels = kernels;
    this.buffer = manager.create(new Shape(rows, vocabularySize), DataType.FLOAT32);
  }

  /** The embeddings of the tokens, [T, H], outside any graph. */
  NDArray embed(NDArray ids, NDArray table) {
    return kernels.call("embed", ids, table);
  }

  /** Adds the gradient that has arrived at the embeddings to the table's. */
  void embedGradient(NDArray ids, NDArray embedded, NDArray tableGradient) {
    NDArray back = JniUtils.getGradient((PtNDArray) embedded);
    kernels.call("embed_gradient", ids, back, tableGradient).close();
  }

  /** {@code log softmax(h Wᵀ)[target]} for each row of {@code hidden}. */
  double[] logProbs(NDArray hidden, NDArray table, NDArray targets) {
    NDArray values = kernels.call("log_probs", hidden, table, targets, buffer);
    float[] floats = values.toFloatArray();
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  /**
   * The gradient at the hidden states, given that of each row's log-probability; the head's own is
   * added in place.
   */
  NDArray gradient(
      NDArray hidden,
      NDArray table,
      NDArray targets,
      double[] slope,
      NDArray tableGradient,
      NDManager scope) {
    NDArray slopes = scope.create(slope).toType(DataType.FLOAT32, false);
    return kernels.call("head_gradient", hidden, table, targets, slopes, tableGradient, buffer);
  }
}
