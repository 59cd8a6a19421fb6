package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.tralign.djl.kernel.Kernels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Both ends of the model, whose gradients are computed by hand: log-probabilities of the labels
 * without the logits of all rows, and embeddings without a gradient of the table's size a pass.
 */
final class Head {

  /** Columns of the vocabulary that are computed at once: wide enough for the matrix product. */
  private static final int COLUMNS = 4096;

  /** What may be kept from the forward pass to the backward pass where the rows are not set. */
  private static final long KEPT_BYTES = 256L << 20;

  private final Kernels kernels;
  private final NDManager manager;
  private final int vocabularySize;
  private final int rows;
  private final int columns;
  private final NDArray passing; // [rows · columns]
  private @Nullable NDArray kept; // [rows · V]

  /** What the backward pass needs to know of the forward pass. */
  record Forward(double[] logProbs, NDArray shift) {}

  /**
   * The ends of a model.
   *
   * @param rows completion tokens whose probabilities are kept, or 0 for as many as suit the memory
   */
  Head(Kernels kernels, int rows, int vocabularySize, NDManager manager) {
    this(
        kernels,
        rows > 0 ? rows : (int) Math.max(1, KEPT_BYTES / Float.BYTES / vocabularySize),
        Math.min(COLUMNS, vocabularySize),
        vocabularySize,
        manager);
  }

  Head(Kernels kernels, int rows, int columns, int vocabularySize, NDManager manager) {
    this.kernels = kernels;
    this.manager = manager;
    this.rows = rows;
    this.columns = columns;
    this.vocabularySize = vocabularySize;
    this.passing = buffer(columns);
  }

  /** The embeddings of the tokens, [T, H], outside any graph. */
  NDArray embed(NDArray ids, NDArray table) {
    return kernels.call(ids.getManager(), "embed", ids, table);
  }

  /** Adds the gradient at the embeddings to the table's. */
  void embedGradient(NDArray ids, NDArray back, NDArray tableGradient) {
    kernels.run("embed_gradient", ids, back, tableGradient);
  }

  /** {@code log softmax(h Wᵀ)[target]} for each row of {@code h}. */
  double[] logProbs(HeadInput logits, NDArray targets) {
    return doubles(logProbs(logits, targets, passing, false).get(0));
  }

  /** As {@link #logProbs}, for {@link #gradient} to follow; scoring may come in between. */
  Forward forward(HeadInput logits, NDArray targets) {
    NDList results = logProbs(logits, targets, kept(), true);
    return new Forward(doubles(results.get(0)), results.get(1));
  }

  private NDList logProbs(HeadInput logits, NDArray targets, NDArray buffer, boolean keep) {
    return kernels.callAll(
        targets.getManager(),
        "log_probs",
        logits.hidden(),
        logits.table(),
        targets,
        buffer,
        rows,
        columns,
        keep);
  }

  /**
   * The gradient at the hidden states, given that of each row's log-probability; the head's own is
   * added in place. Once for each forward pass: it uses up what was kept.
   *
   * @param tableGradient of the head, or none where it is not needed
   */
  NDArray gradient(
      Forward forward,
      HeadInput logits,
      NDArray targets,
      double[] slope,
      List<NDArray> tableGradient) {
    NDManager scope = targets.getManager();
    return kernels.call(
        scope,
        "head_gradient",
        logits.hidden(),
        logits.table(),
        targets,
        scope.create(slope).toType(DataType.FLOAT32, false),
        forward.shift(),
        tableGradient,
        kept(),
        rows,
        columns);
  }

  private NDArray kept() {
    NDArray existing = kept;
    if (existing == null) {
      existing = buffer(vocabularySize);
      kept = existing;
    }
    return existing;
  }

  /** Not filled: the system gives the memory as it is used. */
  private NDArray buffer(int columns) {
    return manager.create(new Shape((long) rows * columns), DataType.FLOAT32);
  }

  private static double[] doubles(NDArray values) {
    float[] floats = values.toFloatArray();
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }
}
