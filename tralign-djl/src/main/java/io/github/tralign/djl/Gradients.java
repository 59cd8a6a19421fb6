package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.model.Architecture;
import io.github.tralign.djl.model.ParameterShape;
import java.util.List;

/**
 * The accumulated gradient of each parameter, in the same tensors throughout. Those of the body are
 * autograd's own, which adds to them; those of embedding and head are added to by hand, and are one
 * where the two are tied.
 */
final class Gradients {

  private final ImmutableMap<String, NDArray> arrays;
  private final Kernels kernels;

  /** Makes the gradients, all zero. Needs autograd to be on. */
  Gradients(Architecture architecture, Parameters weights, NDManager manager, Kernels kernels) {
    this.kernels = kernels;
    List<NDArray> body = weights.get(architecture.body());
    body.forEach(array -> array.setRequiresGradient(true));
    try (NDManager scope = manager.newSubManager()) {
      NDArray one = scope.create(1f);
      NDArray touched = kernels.call("touch", one, body);
      JniUtils.backward((PtNDArray) touched, (PtNDArray) one, false, false);
    }
    ImmutableMap.Builder<String, NDArray> all = ImmutableMap.builder();
    for (ParameterShape shape : architecture.parameters()) {
      NDArray weight = weights.get(shape);
      all.put(
          shape.name(),
          architecture.body().contains(shape)
              ? JniUtils.getGradient((PtNDArray) weight)
              : manager.zeros(weight.getShape(), DataType.FLOAT32));
    }
    arrays = all.build();
    arrays.values().forEach(array -> array.attach(manager));
    zero();
  }

  NDArray of(ParameterShape shape) {
    NDArray gradient = arrays.get(shape.name());
    if (gradient == null) {
      throw new IllegalArgumentException("no gradient for '" + shape.name() + "'");
    }
    return gradient;
  }

  /** In the order of the parameters. */
  List<NDArray> all() {
    return arrays.values().asList();
  }

  void zero() {
    try (NDManager scope = all().get(0).getManager().newSubManager()) {
      kernels.call("zero", scope.create(0), all());
    }
  }
}
