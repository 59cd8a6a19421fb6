package io.github.tralign.djl;

import java.util.Locale;

/**
 * The number format of matrix products in a training step. Weights, gradients, optimizer moments,
 * the reference, attention, norms and the log-probabilities of the head are fp32 in any case.
 */
public enum Precision {
  /** Single precision throughout. */
  FP32,
  /**
   * Factors and products are rounded to bfloat16, sums inside of a product are not: about three
   * decimal digits. On a processor without instructions for it, it is many times slower than fp32.
   */
  BF16,
  /** bf16 on a GPU or a processor that multiplies bf16 by itself, else fp32. */
  AUTO;

  /** What this comes to: fp32 or bf16. */
  public Precision on(boolean gpu) {
    if (this != AUTO) {
      return this;
    }
    return gpu || Processor.multipliesBf16() ? BF16 : FP32;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
