package io.github.tralign.djl.huggingface;

/** Converts 16-bit floats to fp32, exactly. */
final class FloatFormats {
  private FloatFormats() {}

  /** bfloat16 is the upper half of an fp32 value. */
  static float bfloat16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** IEEE 754 binary16: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits. */
  static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) { // zero or subnormal: fraction · 2⁻²⁴, which fp32 holds as a normal number
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    int widened = exponent == 0x1f ? 0xff : exponent - 15 + 127; // infinities and NaN stay the same
    return Float.intBitsToFloat(sign | widened << 23 | fraction << 13);
  }
}
