package io.github.tralign.djl;

import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.ParameterShape;

/**
 * How much work a model's matrix products are: what a forward pass cannot do without. Attention,
 * norms and the like are left out.
 *
 * @param body values of the body's matrices: multiplications for each packed token
 * @param head values of the head: multiplications for each token that is predicted
 */
public record MatrixWork(long body, long head) {

  static MatrixWork of(Architecture architecture) {
    long body = 0;
    for (ParameterShape shape : architecture.body()) {
      body += shape.role() == ParameterShape.Role.MATRIX ? shape.size() : 0;
    }
    return new MatrixWork(body, architecture.head().size());
  }

  /**
   * Floating point operations of a forward pass; the way back is twice as many.
   *
   * @param tokens that the body computes
   * @param predicted tokens whose log-probability is computed
   */
  public double forward(long tokens, long predicted) {
    return 2.0 * body * tokens + 2.0 * head * predicted;
  }
}
