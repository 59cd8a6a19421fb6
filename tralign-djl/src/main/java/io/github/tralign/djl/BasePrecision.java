package io.github.tralign.djl;

import io.github.tralign.djl.huggingface.Dtype;
import io.github.tralign.djl.model.Parameter;
import io.github.tralign.djl.model.Part;
import java.util.Locale;

/**
 * The type in which matrices that are not trained are kept in memory: those under an adapter, and
 * those of models that only score. Norms, biases and embeddings of positions are always fp32, and
 * so is everything that is trained. What is computed with the matrices is set by {@link Precision}.
 */
public enum BasePrecision {
  /** fp32. */
  FP32,

  /** bfloat16; matrices of another type in the folder are rounded to nearest, ties to even. */
  BF16,

  /**
   * As in the folder: bfloat16 and fp16 stay as they are, which takes half the memory and changes
   * no result, and so do matrices of layers that bitsandbytes quantized to 4 bits (NF4); other
   * types are fp32.
   */
  AUTO;

  /** The type of a parameter that is stored as {@code stored} in the folder. */
  Dtype of(Parameter parameter, Dtype stored) {
    if (!parameter.isMatrix() || parameter.part() == Part.POSITION) {
      return Dtype.F32;
    }
    return switch (this) {
      case FP32 -> Dtype.F32;
      case BF16 -> Dtype.BF16;
      case AUTO -> stored == Dtype.BF16 || stored == Dtype.F16 ? stored : Dtype.F32;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
