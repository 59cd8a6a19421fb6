package io.github.tralign.djl;

import io.github.tralign.djl.huggingface.Dtype;
import java.util.Locale;

/**
 * The type in which a model's weights are saved. Training always computes and keeps them in fp32;
 * 16 bits round each to nearest, ties to even, and with that most of the small steps of an
 * alignment are lost: a bf16 number has a relative spacing of 2⁻⁸, an fp16 number one of 2⁻¹¹.
 * {@link DjlPolicy#rounding} tells how many.
 */
public enum SaveDtype {
  /** As trained. */
  FP32,

  /** bfloat16. */
  BF16,

  /** IEEE binary16; values from 65,520 on cannot be saved. */
  FP16,

  /** Each tensor in the type in which it was read; F64 is saved as fp32. The default. */
  SOURCE;

  /** The type for a tensor that was read as {@code source}. */
  Dtype of(Dtype source) {
    return switch (this) {
      case FP32 -> Dtype.F32;
      case BF16 -> Dtype.BF16;
      case FP16 -> Dtype.F16;
      case SOURCE -> source == Dtype.F64 ? Dtype.F32 : source;
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
