package io.github.tralign.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.tralign.djl.huggingface.Dtype;
import io.github.tralign.djl.huggingface.Nf4Tensor;
import io.github.tralign.djl.kernel.Kernels;
import io.github.tralign.djl.model.Parameter;
import io.github.tralign.djl.model.Parameter.Role;
import java.nio.ByteBuffer;

/**
 * A matrix of a layer that stays in 4 bits in memory. {@code nf4.torchscript} decodes the matrices
 * of one layer at a time.
 */
final class Nf4Matrix {

  /** The arrays that a matrix consists of. */
  static final ImmutableList<Role> PARTS =
      ImmutableList.of(Role.NF4, Role.NF4_SCALES, Role.NF4_CODES, Role.NF4_TYPE);

  private Nf4Matrix() {}

  /** Whether a parameter can stay in 4 bits: it is a matrix [out, in] of a layer. */
  static boolean canBe(Parameter parameter) {
    return parameter.role() == Role.MATRIX
        && parameter.layer() != Parameter.NO_LAYER
        && parameter.dimensions().get(1) % 2 == 0;
  }

  /** The arrays of a matrix by the names of its parts. */
  static ImmutableMap<String, NDArray> load(
      Parameter matrix, Nf4Tensor source, NDManager manager, Kernels kernels) {
    long rows = matrix.dimensions().get(0);
    ByteBuffer bytes = ByteBuffer.allocateDirect(Math.toIntExact(matrix.size() / 2));
    source.readBytes(0, bytes);
    float[] scales = source.scales();
    return ImmutableMap.of(
        matrix.in4Bits(Role.NF4).name(),
        manager.create(bytes.flip(), new Shape(rows, bytes.limit() / rows), DataType.UINT8),
        matrix.in4Bits(Role.NF4_SCALES).name(),
        manager.create(scales),
        matrix.in4Bits(Role.NF4_CODES).name(),
        manager.create(source.pairs(), new Shape(256, 2)),
        matrix.in4Bits(Role.NF4_TYPE).name(),
        source.dtype() == Dtype.F32
            ? manager.zeros(new Shape(1))
            : Parameters.in16Bits(new long[] {1}, source.dtype(), manager, kernels));
  }

  /** The values of a matrix in 4 bits, in the type that they are rounded to. */
  static NDArray decode(Parameter matrix, Parameters values, NDManager scope, Kernels kernels) {
    return kernels.call(
        scope,
        "from_4_bits",
        PARTS.stream().map(it -> (Object) values.get(matrix.in4Bits(it))).toArray());
  }
}
