package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.github.tralign.djl.kernel.Kernels;

/**
 * Both ends of the model, whose gradients are computed by hand: log-probabilities of the labels
 * without the logits of all rows, and embeddings without a gradient of the table's size a pass.
 */
final class Head {

  private final Kernels kernels;
  private final int rows;

  Head(Kernels kernels, int rows) {
    this.kernels = kernels;
    this.rows = rows;
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
    NDArray values = kernels.call("log_probs", hidden, table, targets, count(hidden.getManager()));
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
    return kernels.call(
        "head_gradient", hidden, table, targets, slopes, tableGradient, count(scope));
  }

  private NDArray count(NDManager scope) {
    return scope.create(rows);
  }
}
