package io.github.tralign.djl.huggingface;

/** Converts 16-bit floats to fp32, exactly, and fp32 to them, rounded to nearest, ties to even. */
final class HalfPrecision {
  private HalfPrecision() {}

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

  /** Rounds to bfloat16; what is not finite, or too large, becomes infinite or NaN. */
  static short toBfloat16(float value) {
    int bits = Float.floatToIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16); // floatToIntBits made it the quiet one
    }
    int halfLess = 0x7fff + (bits >>> 16 & 1); // a tie is rounded up only if the result is even
    return (short) (bits + halfLess >>> 16);
  }

  /** Rounds to binary16; what is not finite, or too large, becomes infinite or NaN. */
  static short toHalf(float value) {
    int bits = Float.floatToIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= 65520) { // from half way between the greatest number and the next on
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x1p-14f) { // subnormal, a multiple of 2⁻²⁴
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24f));
    }
    int rebiased = Float.floatToIntBits(magnitude) - (127 - 15 << 23);
    int halfLess = 0xfff + (rebiased >>> 13 & 1);
    return (short) (sign | rebiased + halfLess >>> 13);
  }
}
