package io.github.tralign.djl.huggingface;

/**
 * The element types of the safetensors format, named as in its headers. {@link SafetensorsFile}
 * reads some of them, as fp32.
 */
public enum Dtype {
  BOOL(8),
  F4(4),
  F6_E2M3(6),
  F6_E3M2(6),
  U8(8),
  I8(8),
  F8_E5M2(8),
  F8_E4M3(8),
  F8_E8M0(8),
  F8_E5M2FNUZ(8),
  F8_E4M3FNUZ(8),
  I16(16),
  U16(16),
  F16(16),
  BF16(16),
  I32(32),
  U32(32),
  F32(32),
  C64(64),
  F64(64),
  I64(64),
  U64(64);

  private final int bits;

  Dtype(int bits) {
    this.bits = bits;
  }

  /** Bits per element, as stored. */
  int bits() {
    return bits;
  }

  /**
   * An fp32 value as this type stores it.
   *
   * @throws IllegalArgumentException unless this is F32, BF16 or F16
   */
  public float rounded(float value) {
    return switch (this) {
      case F32 -> value;
      case BF16 -> HalfPrecision.bfloat16(HalfPrecision.toBfloat16(value));
      case F16 -> HalfPrecision.half(HalfPrecision.toHalf(value));
      default -> throw new IllegalArgumentException("fp32 is not saved as " + this);
    };
  }

  /** Whether {@link SafetensorsFile} can read this type as fp32: F32, BF16, F16 and F64. */
  public boolean readableAsFloat32() {
    return this == F32 || this == BF16 || this == F16 || this == F64;
  }
}
