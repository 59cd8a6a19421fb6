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
 * The head, with hand-written gradients. The log-probabilities of the labels never need the logits
 * of all rows at once.
 */
final class Head {

  /** Columns of the vocabulary per chunk, wide enough for an efficient matrix product. */
  private static final int COLUMNS = 4096;

  /** Memory for what the forward pass keeps for the backward pass, unless the rows are set. */
  private static final long KEPT_BYTES = 256L << 20;

  private final Kernels kernels;
  private final NDManager manager;
  private final int vocabularySize;
  private final int rows;
  private final int columns;
  private final NDArray passing; // [rows · columns]
  private @Nullable NDArray kept; // [rows · V]

  /** What the backward pass requires from the forward pass. */
  record Forward(double[] logProbs, NDArray shift) {}

  /**
   * Makes the head of a model.
   *
   * @param rows completion tokens whose probabilities are kept, or 0 for as many as fit in 256 MiB
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

  /** {@code log softmax(h Wᵀ)[target]} for each row of {@code h}. */
  double[] logProbs(HeadInput logits, NDArray targets) {
    return doubles(logProbs(logits, targets, passing, false).get(0));
  }

  /**
   * As {@link #logProbs}, and keeps what {@link #gradient} requires; scoring in between is allowed.
   */
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
        logits.cap(),
        targets,
        buffer,
        rows,
        columns,
        keep);
  }

  /**
   * The gradient at the hidden states [C, H], given the gradient at each row's log-probability; the
   * gradient of the head's table is added in place. Call it once per forward pass: it overwrites
   * what was kept.
   *
   * @param slope the gradient at each row's log-probability [C]
   * @param tableGradient the gradient of the head's table, or empty if it is not trained
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
        logits.cap(),
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

  /** Not filled, so the system allocates memory only as it is used. */
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
