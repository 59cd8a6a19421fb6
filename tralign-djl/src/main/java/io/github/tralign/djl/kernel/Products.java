package io.github.tralign.djl.kernel;

/** How the kernels multiply matrices. */
public enum Products {
  /** As PyTorch does in fp32. */
  FP32,
  /**
   * By {@link NativeKernels}, attention too: 16 bits of the factors, and all for logits and scores.
   */
  FP32_HIGH,
  /** Factors and products rounded to bf16. */
  BF16
}
