package io.github.tralign.djl;

import io.github.tralign.InvalidInputException;
import io.github.tralign.djl.kernel.NativeKernels;
import io.github.tralign.djl.kernel.Processor;
import io.github.tralign.djl.kernel.Products;
import java.util.Locale;
import java.util.Optional;

/**
 * The number format of matrix products in a training step. Weights, gradients, optimizer moments,
 * the reference, norms and the log-probabilities of the head are fp32 in any case, attention but
 * for what {@link #FP32_HIGH} says.
 */
public enum Precision {
  /** Single precision throughout. */
  FP32,
  /**
   * Single precision with products of 16 bits of their factors: what {@code "high"} means in
   * PyTorch's {@code set_float32_matmul_precision}. Each factor is taken as the sum of two bfloat16
   * numbers, in attention too. Its scores and the head's logits are as exact as in fp32. Needs
   * Linux, an x86-64 processor with AMX, where it is faster than fp32, and the library of the
   * module {@code tralign-native}: the jar with the classifier {@code linux-x86_64}, in the version
   * of {@code tralign-djl}, on the class path or the module path.
   */
  FP32_HIGH,
  /**
   * Factors and products are rounded to bfloat16, sums inside of a product are not: about three
   * decimal digits. On a processor without instructions for it, it is many times slower than fp32.
   */
  BF16,
  /** bf16 on a GPU or a processor that multiplies bf16 by itself, else fp32. */
  AUTO;

  /**
   * What this comes to: {@link #AUTO} is settled, all else stays.
   *
   * @throws InvalidInputException if it is {@link #FP32_HIGH} and cannot be computed here
   */
  public Precision on(boolean gpu) {
    if (this == FP32_HIGH) {
      Optional<String> missing =
          gpu ? Optional.of(NativeKernels.MACHINE) : NativeKernels.requirement();
      if (missing.isPresent()) {
        throw new InvalidInputException(
            "precision fp32-high takes "
                + missing.get()
                + "; "
                + (gpu ? "on a GPU" : "on this machine")
                + " it is fp32 or bf16");
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
      case AUTO -> throw new IllegalStateException("auto is not settled yet");
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
