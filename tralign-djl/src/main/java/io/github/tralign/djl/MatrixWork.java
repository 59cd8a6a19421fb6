package io.github.tralign.djl;

import com.google.common.collect.Iterables;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.Parameter;
import io.github.tralign.djl.model.WeightMap;

/**
 * The multiplications in a model's matrix products. Attention, norms and activations are not
 * counted.
 *
 * @param packed multiplications per packed token: the number of values in the matrices that every
 *     token is multiplied with
 * @param predicted multiplications per predicted token: the number of values in the head and in the
 *     matrices after the last layer's attention
 */
public record MatrixWork(long packed, long predicted) {

  static MatrixWork of(Architecture architecture) {
    int last = architecture.spec().layers() - 1;
    long packed = 0;
    long predicted = architecture.weights().head().size();
    WeightMap weights = architecture.weights();
    for (Parameter parameter : Iterables.concat(weights.all(), weights.adapters())) {
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
   * Floating-point operations of a forward pass; a backward pass has twice as many.
   *
   * @param tokens number of packed tokens
   * @param labels number of tokens whose log-probability is computed
   */
  public double forward(long tokens, long labels) {
    return 2.0 * packed * tokens + 2.0 * predicted * labels;
  }
}
