package io.github.tralign.djl;

import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;

/**
 * How much work a model's matrix products are: what a forward pass cannot do without. Attention,
 * norms and the like are left out.
 *
 * @param packed values of the matrices that every token goes through: multiplications for each
 *     packed token
 * @param predicted values of the others, the head and what follows the last layer's attention:
 *     multiplications for each token that is predicted
 */
public record MatrixWork(long packed, long predicted) {

  static MatrixWork of(Architecture architecture) {
    int last = architecture.spec().layers() - 1;
    long packed = 0;
    long predicted = architecture.weights().head().size();
    for (Parameter parameter : architecture.parameters()) {
      if (parameter.isMatrix() && parameter.layer() != Parameter.NO_LAYER) {
        if (parameter.layer() == last && parameter.part().followsAttention()) {
          predicted += parameter.size();
        } else {
          packed += parameter.size();
        }
      }
    }
    return new MatrixWork(packed, predicted);
  }

  /**
   * Floating point operations of a forward pass; the way back is twice as many.
   *
   * @param tokens that are packed
   * @param labels tokens whose log-probability is computed
   */
  public double forward(long tokens, long labels) {
    return 2.0 * packed * tokens + 2.0 * predicted * labels;
  }
}
