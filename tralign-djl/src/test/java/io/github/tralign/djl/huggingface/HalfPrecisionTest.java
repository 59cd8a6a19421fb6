package io.github.tralign.djl.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class HalfPrecisionTest {

  @Test
  void all_half_patterns_have_the_value_of_the_definition() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      assertSame(bits, HalfPrecision.half((short) bits), defined(bits, 5, 10));
    }
  }

  @Test
  void all_bfloat16_patterns_have_the_value_of_the_definition() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      assertSame(bits, HalfPrecision.bfloat16((short) bits), defined(bits, 8, 7));
    }
  }

  @Test
  void known_values_are_right() {
    assertThat(HalfPrecision.half((short) 0x3c00)).isEqualTo(1f);
    assertThat(HalfPrecision.half((short) 0x3555)).isEqualTo(0x1.554p-2f);
    assertThat(HalfPrecision.half((short) 0x7bff)).isEqualTo(65504f);
    assertThat(HalfPrecision.half((short) 0x0001)).isEqualTo(0x1p-24f);
    assertThat(HalfPrecision.bfloat16((short) 0xc049)).isEqualTo(-3.140625f);
    assertThat(HalfPrecision.bfloat16((short) 0x7f80)).isEqualTo(Float.POSITIVE_INFINITY);
  }

  @Test
  void every_16_bit_number_is_rounded_to_itself() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      short pattern = (short) bits;
      if (!Float.isNaN(HalfPrecision.half(pattern))) {
        assertThat(HalfPrecision.toHalf(HalfPrecision.half(pattern))).isEqualTo(pattern);
      }
      if (!Float.isNaN(HalfPrecision.bfloat16(pattern))) {
        assertThat(HalfPrecision.toBfloat16(HalfPrecision.bfloat16(pattern))).isEqualTo(pattern);
      }
    }
  }

  /** Ties, neighbours of ties, subnormals, the greatest numbers, what is too large. */
  @Test
  void rounding_is_that_of_torch_bit_for_bit() throws IOException {
    JsonNode rows;
    try (InputStream file = getClass().getResourceAsStream("../golden/rounding.json")) {
      rows = new ObjectMapper().readTree(file).path("rows");
    }
    assertThat(rows).hasSizeGreaterThan(300);
    for (JsonNode row : rows) {
      float value = Float.intBitsToFloat((int) row.get(0).asLong());
      assertThat(HalfPrecision.toBfloat16(value) & 0xffff)
          .as("bf16 of %a", value)
          .isEqualTo(row.get(1).asInt());
      assertThat(HalfPrecision.toHalf(value) & 0xffff)
          .as("fp16 of %a", value)
          .isEqualTo(row.get(2).asInt());
    }
  }

  @Test
  void what_is_no_number_stays_none() {
    for (int bits : new int[] {0x7f800001, 0x7fc00000, 0xffffffff, 0xff80ffff}) {
      float value = Float.intBitsToFloat(bits);
      assertThat(HalfPrecision.half(HalfPrecision.toHalf(value))).isNaN();
      assertThat(HalfPrecision.bfloat16(HalfPrecision.toBfloat16(value))).isNaN();
    }
  }

  /** IEEE 754's definition in powers of two, in double arithmetic. */
  private static double defined(int bits, int exponentBits, int fractionBits) {
    int bias = (1 << (exponentBits - 1)) - 1;
    int exponent = (bits >> fractionBits) & ((1 << exponentBits) - 1);
    double fraction = (bits & ((1 << fractionBits) - 1)) / (double) (1 << fractionBits);
    double sign = bits >= 1 << 15 ? -1.0 : 1.0;
    if (exponent == (1 << exponentBits) - 1) {
      return fraction == 0 ? sign / 0.0 : Double.NaN;
    }
    return exponent == 0
        ? sign * fraction * Math.pow(2, 1 - bias)
        : sign * (1 + fraction) * Math.pow(2, exponent - bias);
  }

  private static void assertSame(int bits, float actual, double expected) {
    assertThat(Float.floatToIntBits(actual))
        .as("pattern %04x", bits)
        .isEqualTo(Float.floatToIntBits((float) expected));
  }
}
