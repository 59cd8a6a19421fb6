package io.github.tralign.djl.adapter;

import com.google.common.primitives.ImmutableLongArray;
import io.github.tralign.djl.model.Parameter;
import io.github.tralign.djl.model.Parameter.Role;

/**
 * The change of a matrix W [out, in] by {@code scaling · B·A}.
 *
 * @param matrix the parameter W
 * @param rank the number r of rows of A and of columns of B
 * @param scaling the factor of the product
 */
public record AdapterModule(Parameter matrix, int rank, double scaling) {

  private static final String PREFIX = "base_model.model.";

  /** The path of a parameter's module, such as {@code model.layers.0.self_attn.q_proj}. */
  static String path(Parameter parameter) {
    return parameter.name().substring(0, parameter.name().lastIndexOf('.'));
  }

  /** The name of a tensor that replaces a parameter, in the file of an adapter. */
  public static String replacing(Parameter parameter) {
    return PREFIX + parameter.name();
  }

  /** The path of the matrix's module in the model. */
  public String path() {
    return path(matrix);
  }

  /** The number of values that go into the matrix. */
  public long in() {
    return matrix.dimensions().get(isTransposed() ? 0 : 1);
  }

  /** The number of values that come out of the matrix. */
  public long out() {
    return matrix.dimensions().get(isTransposed() ? 1 : 0);
  }

  /** Whether W is stored as [in, out]. */
  public boolean isTransposed() {
    return matrix.role() == Role.TRANSPOSED_MATRIX;
  }

  /** The parameter A [r, in], named as in PEFT's files. */
  public Parameter a() {
    return parameter(".lora_A.weight", Role.ADAPTER_A, ImmutableLongArray.of(rank, in()));
  }

  /** The parameter B [out, r], named as in PEFT's files. */
  public Parameter b() {
    return parameter(".lora_B.weight", Role.ADAPTER_B, ImmutableLongArray.of(out(), rank));
  }

  /** The scaling as a parameter of the kernels, which no file has. */
  public Parameter scale() {
    return parameter(".lora_scale", Role.ADAPTER_SCALE, ImmutableLongArray.of());
  }

  private Parameter parameter(String suffix, Role role, ImmutableLongArray dimensions) {
    return new Parameter(
        PREFIX + path(matrix) + suffix,
        matrix.part(),
        matrix.layer(),
        Parameter.NO_HEAD,
        role,
        dimensions);
  }
}
