package io.github.tralign.cli;

/** The number format of the computation. */
enum Precision {
  FP32,
  BF16,
  AUTO;

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
