package io.github.tralign.djl;

import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.kernel.NativeKernels;
import io.github.tralign.djl.kernel.Processor;
import io.github.tralign.djl.kernel.Products;
import java.util.Locale;
import java.util.Optional;

/**
 * The precision of matrix products in scoring and training. Weights, gradients, optimizer moments,
 * the reference, norms and the head's log-probabilities are always fp32, and so is attention except
 * with {@link #FP32_HIGH}.
 */
public enum Precision {
  /** fp32 throughout. */
  FP32,
  /**
   * fp32 with matrix products that use 16 bits of each factor, as {@code "high"} in PyTorch's
   * {@code set_float32_matmul_precision}: each factor is the sum of two bfloat16 numbers, in
   * attention too. Attention scores and the head's logits are as exact as in fp32. Requires Linux,
   * an x86-64 processor with AMX, where it is faster than fp32, and the library of the module
   * {@code tralign-native}: the jar with the classifier {@code linux-x86_64}, in the version of
   * {@code tralign-djl}, on the class path or the module path.
   */
  FP32_HIGH,
  /**
   * Factors and results of matrix products are rounded to bfloat16, about three decimal digits;
   * sums within a product are not. On a processor without bf16 instructions this is many times
   * slower than fp32.
   */
  BF16,
  /** {@link #BF16} on a GPU or a processor with bf16 instructions, else {@link #FP32}. */
  AUTO;

  /**
   * Resolves {@link #AUTO} for a device; every other precision is returned as it is.
   *
   * @param gpu whether the device is a GPU
   * @throws InvalidInputException if this is {@link #FP32_HIGH} and the device does not support it
   */
  public Precision on(boolean gpu) {
    if (this == FP32_HIGH) {
      Optional<String> missing =
          gpu ? Optional.of(NativeKernels.MACHINE) : NativeKernels.requirement();
      if (missing.isPresent()) {
        throw new InvalidInputException(
            "precision fp32-high requires "
                + missing.get()
                + "; "
                + (gpu ? "on a GPU" : "without it")
                + " use fp32 or bf16");
      }
    }
    if (this != AUTO) {
      return this;
    }
    return gpu || Processor.multipliesBf16() ? BF16 : FP32;
  }

  Products products() {
    return switch (this) {
      case FP32 -> Products.FP32;
      case FP32_HIGH -> Products.FP32_HIGH;
      case BF16 -> Products.BF16;
      case AUTO -> throw new IllegalStateException("the precision 'auto' must be resolved first");
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
