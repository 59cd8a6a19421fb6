package io.github.tralign.djl.kernel;

/** How the kernels multiply matrices. */
public enum Products {
  /** As PyTorch does in fp32. */
  FP32,
  /** By {@link NativeProducts}: of the factors 16 bits in the layers, all in the head's logits. */
  FP32_HIGH,
  /** Factors and products rounded to bf16. */
  BF16
}
